#include "vault_api/flag_parameter.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::vault_api {
namespace {

TEST(FlagParameter, TrueAndFalseInAnyCase) {
  for (const char* text : {"true", "TRUE", "True", " true "}) {
    EXPECT_EQ(read_flag("domain", text, false).value(), true) << text;
  }
  for (const char* text : {"false", "FALSE", "False", "false\t"}) {
    EXPECT_EQ(read_flag("domain", text, true).value(), false) << text;
  }
}

TEST(FlagParameter, WhatIsNotSentIsTheDefault) {
  for (const char* text : {"", " "}) {
    EXPECT_EQ(read_flag("domain", text, true).value(), true);
    EXPECT_EQ(read_flag("domain", text, false).value(), false);
  }
}

TEST(FlagParameter, AnythingElseIsRefusedByName) {
  for (const char* text : {"yes", "no", "1", "0", "on", "t", "null", "true,false"}) {
    const auto flag = read_flag("domain", text, false);
    ASSERT_FALSE(flag.has_value()) << text;
    EXPECT_EQ(flag.error().type, ErrorType::kInvalidData);
    EXPECT_EQ(flag.error().message, "Invalid value [" + std::string(text) +
                                        "] for parameter [domain]; send true or false.");
  }
}

}  // namespace
}  // namespace muster::vault_api
