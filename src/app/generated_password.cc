#include "app/generated_password.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace muster::app {
namespace {

constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static_assert(kLetters.size() == 32, "so that a random byte picks each one equally often");
constexpr std::size_t kCharacters = 20;
constexpr std::size_t kGroup = 5;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string draw(directory::RandomSource& random) {
  std::array<std::uint8_t, kCharacters> bytes{};
  random.fill(bytes);
  std::string password;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0 && i % kGroup == 0) password += '-';
    password += kLetters[bytes[i] % kLetters.size()];
  }
  return password;
}

bool has_letter_and_digit(const std::string& password) {
  return std::ranges::any_of(password, is_digit) &&
         std::ranges::any_of(password, [](char c) { return c != '-' && !is_digit(c); });
}

}  // namespace

std::string generate_password(directory::RandomSource& random) {
  std::string password = draw(random);
  while (!has_letter_and_digit(password)) password = draw(random);
  return password;
}

}  // namespace muster::app
