#include "codec/utf8_gate.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <iterator>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace muster::codec {
namespace {

using namespace std::string_view_literals;

// Offset of the first broken code point of `text` fed in pieces of `step` bytes.
std::optional<std::uint64_t> broken_at(std::string_view text, std::size_t step) {
  Utf8Gate gate;
  for (std::size_t at = 0; at < text.size(); at += step) {
    const std::string_view piece = text.substr(at, step);
    if (gate.accept(piece) < piece.size()) return gate.offset();
  }
  if (!gate.at_boundary()) return gate.offset();
  return std::nullopt;
}

std::optional<std::uint64_t> broken_at(std::string_view text) {
  const auto whole = broken_at(text, text.size() + 1);
  for (const std::size_t step : {1U, 2U, 3U, 5U, 7U, 31U, 33U, 64U}) {
    EXPECT_EQ(broken_at(text, step), whole) << "in pieces of " << step;
  }
  return whole;
}

std::string file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the bounds of the table in Unicode 3.9 (D92) say, code point by code point.
bool valid_by_decoding(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) {
      return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
    };
    const unsigned first = byte(0);
    const std::size_t size = first < 0x80        ? 1
                             : first >> 5U == 6  ? 2
                             : first >> 4U == 14 ? 3
                             : first >> 3U == 30 ? 4
                                                 : 0;
    if (size == 0) return false;
    unsigned point = size == 1 ? first : first & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
      if (byte(i) >> 6U != 2) return false;
      point = point << 6U | (byte(i) & 0x3FU);
    }
    constexpr std::array<unsigned, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
    if (point < kLeast[size] || point > 0x10FFFF || (point >> 11U) == 0x1B) return false;
    at += size;
  }
  return true;
}

TEST(Utf8Gate, ValidTexts) {
  EXPECT_EQ(broken_at(""), std::nullopt);
  EXPECT_EQ(broken_at("a\0b"sv), std::nullopt);
  EXPECT_EQ(broken_at("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"),
            std::nullopt);
  EXPECT_EQ(broken_at("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), std::nullopt);
}

TEST(Utf8Gate, NamesTheBrokenCodePoint) {
  const std::string before(100, 'x');
  for (const std::string_view broken :
       {"\x80"sv, "\xBF"sv, "\xC0\xAF"sv, "\xC1\xBF"sv, "\xE0\x9F\xBF"sv, "\xED\xA0\x80"sv,
        "\xF0\x8F\xBF\xBF"sv, "\xF4\x90\x80\x80"sv, "\xF5\x80\x80\x80"sv, "\xFE"sv, "\xFF"sv,
        "\xE2\x82z"sv, "\xE9\r"sv}) {
    EXPECT_EQ(broken_at(broken), 0U);
    EXPECT_EQ(broken_at(before + std::string(broken) + before), 100U);
  }
}

TEST(Utf8Gate, CutAtTheEnd) {
  for (const std::string_view cut :
       {"\xC3"sv, "\xE2"sv, "\xE2\x82"sv, "\xF0\x9F"sv, "\xF0\x9F\x98"sv}) {
    EXPECT_EQ(broken_at("abc" + std::string(cut)), 3U);
    EXPECT_EQ(broken_at(std::string(70, 'x') + std::string(cut)), 70U);
  }
}

TEST(Utf8Gate, EveryTextOfTwoAndThreeBytes) {
  for (unsigned first = 0x7F; first < 0x100; ++first) {
    for (unsigned second = 0x7F; second < 0x100; ++second) {
      for (const unsigned third : {0x41U, 0x7FU, 0x80U, 0x8FU, 0x90U, 0xBFU, 0xC2U}) {
        const std::string text = {static_cast<char>(first), static_cast<char>(second),
                                  static_cast<char>(third)};
        ASSERT_EQ(is_valid_utf8(text), valid_by_decoding(text)) << first << " " << second;
        const auto pair = std::string_view(text).substr(0, 2);
        ASSERT_EQ(is_valid_utf8(pair), valid_by_decoding(pair)) << first << " " << second;
      }
    }
  }
}

TEST(Utf8Gate, ListOfKnownCases) {
  std::istringstream lines(file("../shared/corpora/utf8/utf8tests.txt"));
  int valid = 0;
  int invalid = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    const auto kind_at = line.find(':') + 1;
    const auto text_at = line.find(':', kind_at) + 1;
    std::string kind = line.substr(kind_at, text_at - kind_at - 1);
    kind.erase(0, kind.find_first_not_of(' '));
    std::string text = line.substr(text_at);
    if (kind.ends_with("hex")) {
      std::istringstream digits(text.substr(0, text.find(':')));
      text.clear();
      std::string pair;
      while (digits >> std::setw(2) >> pair) {
        text.push_back(static_cast<char>(std::stoi(pair, nullptr, 16)));
      }
    }
    const bool expected = kind.starts_with("valid");
    ++(expected ? valid : invalid);
    EXPECT_EQ(broken_at(text) == std::nullopt, expected) << line;
  }
  EXPECT_GT(valid, 20);
  EXPECT_GT(invalid, 100);
}

TEST(Utf8Gate, KuhnsStressTestLineByLine) {
  std::istringstream lines(file("../shared/corpora/utf8/UTF-8-test.txt"));
  int invalid = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_EQ(broken_at(line) == std::nullopt, valid_by_decoding(line)) << line;
    invalid += valid_by_decoding(line) ? 0 : 1;
  }
  EXPECT_GT(invalid, 50);
}

}  // namespace
}  // namespace muster::codec
