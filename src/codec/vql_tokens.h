// The words of a VQL query, one at a time, with their places. Used by the parser (vql.h) alone.
//
//   VqlTokens tokens(text);
//   tokens.current().kind == VqlTokenKind::kWord; tokens.next();
//
// Not thread-safe; the text outlives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster::codec {

enum class VqlTokenKind : std::uint8_t {
  kWord,
  kNumber,
  kString,      // text without quotes and escapes
  kOpenString,  // its closing quote is missing
  kSymbol,      // ( ) , = != < <= > >=, or any other character
  kEnd,
};

struct VqlToken {
  VqlTokenKind kind = VqlTokenKind::kEnd;
  std::string text;
  std::size_t place = 0;  // of its first character, from 1 on

  [[nodiscard]] bool is_symbol(std::string_view symbol) const {
    return kind == VqlTokenKind::kSymbol && text == symbol;
  }
  // ASCII case ignored.
  [[nodiscard]] bool is_keyword(std::string_view word) const;
};

class VqlTokens {
 public:
  explicit VqlTokens(std::string_view text) : text_(text) { next(); }

  [[nodiscard]] const VqlToken& current() const { return current_; }
  void next();

 private:
  void take(VqlTokenKind kind, std::size_t bytes);
  void take_string();

  std::string_view text_;
  std::size_t at_ = 0;       // bytes before the next token
  std::size_t counted_ = 0;  // bytes whose characters are in place_
  std::size_t place_ = 1;
  VqlToken current_;
};

}  // namespace muster::codec
