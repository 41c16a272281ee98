#include "loader/load_state.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace muster::loader {
namespace {

const LoadIdentity kIdentity{.bytes = 120,
                             .fingerprint = "ab",
                             .operation = "update",
                             .id_param = "",
                             .atomic = false,
                             .formula_safe = false,
                             .batch = 500,
                             .user = "nadia.brandt@example.com",
                             .vault = "",
                             .results = "r \"1\".csv",
                             .failed = ""};
constexpr BatchMark kFirst{.batches = 1,
                           .succeeded = 490,
                           .failed = 3,
                           .unchanged = 7,
                           .results_bytes = 9000,
                           .failed_bytes = 200};
constexpr BatchMark kSecond{.batches = 2,
                            .succeeded = 990,
                            .failed = 3,
                            .unchanged = 7,
                            .results_bytes = 18000,
                            .failed_bytes = 200};

class LoadStateTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    path_ = std::filesystem::path(::testing::TempDir()) / (std::string("state_") + test->name());
    std::filesystem::remove(path_);
  }
  void TearDown() override { std::filesystem::remove(path_); }

  LoadState begun_with(std::initializer_list<BatchMark> marks) {
    auto state = LoadState::begin(path_, kIdentity, "0123");
    EXPECT_TRUE(state);
    for (const BatchMark& mark : marks) EXPECT_TRUE(state->mark(mark));
    return std::move(*state);
  }
  LoadState opened() {
    auto state = LoadState::open(path_);
    EXPECT_TRUE(state && *state);
    return std::move(**state);
  }
  void append(std::string_view text) { std::ofstream(path_, std::ios::app) << text; }

  std::filesystem::path path_;
};

TEST_F(LoadStateTest, WhatWasMarkedIsThereAgain) {
  static_cast<void>(begun_with({kFirst, kSecond}));
  LoadState state = opened();
  EXPECT_EQ(state.load_id(), "0123");
  EXPECT_EQ(state.identity().difference(kIdentity), "");
  EXPECT_EQ(state.go_back_to(18000, 200).value(), kSecond);
}

TEST_F(LoadStateTest, ALineThatWasCutIsNoMark) {
  static_cast<void>(begun_with({kFirst}));
  append("2 990 3 7 18");
  EXPECT_EQ(opened().go_back_to(~0ULL, ~0ULL).value(), kFirst);
  append("2 990 3 7 18000 200\n");  // the cut line is gone from the file
  EXPECT_EQ(opened().go_back_to(~0ULL, ~0ULL).value(), kSecond);
}

TEST_F(LoadStateTest, NothingBehindABrokenLineIsBelieved) {
  static_cast<void>(begun_with({kFirst}));
  append(std::string("\0\0\0\n", 4) + "2 990 3 7 18000 200\n");
  EXPECT_EQ(opened().go_back_to(~0ULL, ~0ULL).value(), kFirst);
}

TEST_F(LoadStateTest, AMarkWhoseResultsAreLostIsForgotten) {
  static_cast<void>(begun_with({kFirst, kSecond}));
  EXPECT_EQ(opened().go_back_to(17999, 200).value(), kFirst);
  EXPECT_EQ(opened().go_back_to(~0ULL, ~0ULL).value(), kFirst);
  EXPECT_EQ(opened().go_back_to(0, 0).value(), BatchMark{});
}

TEST_F(LoadStateTest, AFileOfSomethingElseIsRefused) {
  EXPECT_FALSE(LoadState::open(path_).value());
  append("id,user_title__v\n");
  EXPECT_FALSE(LoadState::open(path_));
  std::filesystem::remove(path_);
  append("");
  EXPECT_FALSE(LoadState::open(path_));
}

TEST(LoadIdentity, TheDifferenceIsNamed) {
  LoadIdentity other = kIdentity;
  other.fingerprint = "ac";
  EXPECT_EQ(kIdentity.difference(other), "the file");
  other = kIdentity;
  other.batch = 100;
  EXPECT_EQ(kIdentity.difference(other), "--batch");
  other = kIdentity;
  other.failed = "f.csv";
  EXPECT_EQ(kIdentity.difference(other), "--failed");
}

}  // namespace
}  // namespace muster::loader
