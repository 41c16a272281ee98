#include "change.h"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace muster::bench {
namespace {

constexpr std::array<std::size_t, kFieldCount> kLengths = {255, 255, 255, 20, 255, 40};
constexpr std::array<std::string_view, kFieldCount> kStems = {"Senior Specialist, Quality ",
                                                              "Example Pharma Holding ",
                                                              "Basel Building 12 ",
                                                              "+41 61 ",
                                                              "+41 62 ",
                                                              "alias-"};

std::size_t below(std::mt19937& random, std::size_t bound) {
  return static_cast<std::size_t>((std::uint64_t{random()} * bound) >> 32U);
}

void append_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

}  // namespace

// One user out of each of as many equal ranges, then shuffled: distinct without remembering which
// were taken, which would cost the sender a look-up per record.
void pick_users(std::mt19937& random, std::size_t users, Ids& ids) {
  const std::size_t count = ids.size();
  if (count > users) throw std::runtime_error("more records than users");
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t first = i * users / count;
    const std::size_t end = (i + 1) * users / count;
    ids[i] = static_cast<std::uint32_t>(first + below(random, end - first));
  }
  for (std::size_t i = count; i > 1; --i) std::swap(ids[i - 1], ids[below(random, i)]);
}

Values make_values(unsigned number) {
  std::array<char, 16> token{};
  std::snprintf(token.data(), token.size(), "%08x", number);
  Values values;
  for (std::size_t i = 0; i < kFieldCount; ++i) values[i] = std::string(kStems[i]) + token.data();
  return values;
}

bool valid(const Values& values) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto points = std::ranges::count_if(
        values[i], [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (static_cast<std::size_t>(points) > kLengths[i]) return false;
    if (std::ranges::any_of(values[i],
                            [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
      return false;
    }
  }
  return true;
}

void append_change(std::string& out, std::size_t user, const Values& old, const Values& now) {
  out.append("{\"id\":").append(std::to_string(user));
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    out.append(",\"").append(kFields[i]).append("\":[");
    append_text(out, old[i]);
    out += ',';
    append_text(out, now[i]);
    out += ']';
  }
  out += "}\n";
}

}  // namespace muster::bench
