#include "codec/json_escape.h"

#include <array>
#include <cstddef>

namespace muster::codec {
namespace {

// The letter after the backslash; 'u' for control characters without a short form; 0: as it is.
constexpr auto kEscapes = [] {
  std::array<char, 256> table{};
  for (std::size_t c = 0; c < 0x20; ++c) table[c] = 'u';
  table['\b'] = 'b';
  table['\f'] = 'f';
  table['\n'] = 'n';
  table['\r'] = 'r';
  table['\t'] = 't';
  table['"'] = '"';
  table['\\'] = '\\';
  return table;
}();

void append_escape(std::string& out, unsigned char c, char letter) {
  out.push_back('\\');
  out.push_back(letter);
  if (letter != 'u') return;
  constexpr std::string_view kHex = "0123456789abcdef";
  out.append("00");
  out.push_back(kHex[c >> 4U]);
  out.push_back(kHex[c & 0xFU]);
}

}  // namespace

void append_json_escaped(std::string& out, std::string_view text) {
  std::size_t run = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const char letter = kEscapes[c];
    if (letter == 0) continue;
    out.append(text, run, i - run);
    append_escape(out, c, letter);
    run = i + 1;
  }
  out.append(text, run);
}

}  // namespace muster::codec
