#include "codec/formula_safe.h"

#include <gtest/gtest.h>

#include <string>

namespace muster::codec {
namespace {

TEST(FormulaSafe, MarksWhatASpreadsheetWouldEvaluate) {
  for (const std::string text : {"=1+1", "+49 30", "-1", "@x", "\tx", "\rx", "|x", "%x"}) {
    EXPECT_EQ(mark_formula(text), "'" + text);
    EXPECT_EQ(unmark_formula("'" + text), text);
  }
  for (const std::string text : {"", "a=1", "'", "''", "'a", "1+1", " =1"}) {
    EXPECT_EQ(mark_formula(text), text);
    EXPECT_EQ(unmark_formula(text), text);
  }
}

TEST(FormulaSafe, WhatWasMarkedComesBackWhateverItWas) {
  for (const std::string text : {"'=1", "''=1", "'''+x", "'", "=", "'-"}) {
    EXPECT_EQ(unmark_formula(mark_formula(text)), text);
  }
}

}  // namespace
}  // namespace muster::codec
