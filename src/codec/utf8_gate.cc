#include "codec/utf8_gate.h"

#include <simdjson.h>

#include <algorithm>

namespace muster::codec {
namespace {

// What a first byte promises: how many bytes follow, and the range of the next one (it is narrower
// than 80..BF after E0, ED, F0 and F4: that rules out overlong forms, surrogates and > U+10FFFF).
struct Lead {
  unsigned missing;
  unsigned char low;
  unsigned char high;
};

constexpr unsigned kBroken = 4;

constexpr Lead lead(unsigned char byte) {
  if (byte < 0x80) return {0, 0x80, 0xBF};
  if (byte < 0xC2) return {kBroken, 0, 0};
  if (byte < 0xE0) return {1, 0x80, 0xBF};
  if (byte < 0xF0) {
    return {2, static_cast<unsigned char>(byte == 0xE0 ? 0xA0 : 0x80),
            static_cast<unsigned char>(byte == 0xED ? 0x9F : 0xBF)};
  }
  if (byte < 0xF5) {
    return {3, static_cast<unsigned char>(byte == 0xF0 ? 0x90 : 0x80),
            static_cast<unsigned char>(byte == 0xF4 ? 0x8F : 0xBF)};
  }
  return {kBroken, 0, 0};
}

// Bytes at the end of `text` that may belong to a code point which continues in the next chunk.
std::size_t open_tail(std::string_view text) {
  const std::size_t reach = std::min<std::size_t>(3, text.size());
  for (std::size_t back = 1; back <= reach; ++back) {
    const auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte >= 0xC0) return back;
    if (byte < 0x80) return 0;
  }
  return 0;
}

constexpr std::size_t kFastBytesMin = 32;  // below, the call costs more than the loop

}  // namespace

bool Utf8Gate::step(unsigned char byte) {
  if (missing_ > 0) {
    if (byte < low_ || byte > high_) return false;
    ++started_;
    low_ = 0x80;
    high_ = 0xBF;
    if (--missing_ == 0) started_ = 0;
    return true;
  }
  const Lead first = lead(byte);
  if (first.missing == kBroken) return false;
  missing_ = first.missing;
  low_ = first.low;
  high_ = first.high;
  started_ = missing_ > 0 ? 1 : 0;
  return true;
}

std::size_t Utf8Gate::accept_slowly(std::string_view text) {
  std::size_t good = 0;
  while (good < text.size() && step(static_cast<unsigned char>(text[good]))) ++good;
  accepted_ += good;
  return good;
}

std::size_t Utf8Gate::accept(std::string_view chunk) {
  std::size_t done = 0;
  while (done < chunk.size() && missing_ > 0) {
    if (accept_slowly(chunk.substr(done, 1)) == 0) return done;
    ++done;
  }
  std::string_view rest = chunk.substr(done);
  if (rest.size() >= kFastBytesMin) {
    const std::size_t whole = rest.size() - open_tail(rest);
    // Only a broken text is read twice, to find the place.
    if (simdjson::validate_utf8(rest.substr(0, whole))) {
      accepted_ += whole;
      done += whole;
      rest.remove_prefix(whole);
    }
  }
  return done + accept_slowly(rest);
}

std::size_t valid_utf8_prefix(std::string_view text) {
  Utf8Gate gate;
  const std::size_t good = gate.accept(text);
  return good == text.size() && gate.at_boundary() ? good : static_cast<std::size_t>(gate.offset());
}

bool is_valid_utf8(std::string_view text) { return valid_utf8_prefix(text) == text.size(); }

}  // namespace muster::codec
