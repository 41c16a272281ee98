// Push tokenizer for JSON (RFC 8259): finds the tokens of a text that arrives in pieces, checks
// the syntax, and tells a JsonRecords of each token as soon as its last byte is there.
//
//   JsonTokens tokens(records);
//   for (piece of text) if (!tokens.take(piece, offset)) ... tokens.stopped_at(), problem()
//   if (!tokens.end()) ...
//
// Between two bytes everything known is in the members, so a cut may fall anywhere. Inside a piece
// the reading functions pass on a pointer: each takes the place where its token goes on and returns
// the place after it, or nullptr after stop().
//
// Three things make it fast, and they are all there is:
// - A text without escapes is handed on as it stands in the piece. Its end is looked for once, 16
//   bytes at a time, 64 where it goes on from an earlier piece (json_bytes.h).
// - Records mostly have the keys of the record before them, and texts for values: such members are
//   read by a loop of their own, which compares the key that is due in place instead of searching
//   its end. It changes nothing but the time: whatever is not like that goes the general way.
// - Unescaped text goes through a small buffer, so that a body of nothing but escapes costs one
//   call per buffer instead of one per escape.
//
// Internal to codec. Not thread-safe: one per body.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "codec/json_bytes.h"
#include "codec/json_number.h"
#include "codec/json_records.h"
#include "codec/json_unescape.h"

namespace muster::codec {

class JsonTokens {
 public:
  // `records` must outlive the object.
  explicit JsonTokens(JsonRecords& records) : records_(records) {}

  // False: a syntax error, nesting deeper than kNestingDepthMax, or `records` said stop.
  // REQUIRES: valid UTF-8 (code points may be cut); no earlier call returned false.
  // `offset` is the place of its first byte in the body.
  [[nodiscard]] bool take(std::string_view text, std::uint64_t offset);
  // After the last piece. False: the text is incomplete, or as above.
  [[nodiscard]] bool end();

  // After false: the offending byte's place in the body (for a misspelt literal its first byte),
  // and what is wrong; empty when `records` said stop.
  [[nodiscard]] std::uint64_t stopped_at() const { return stopped_at_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  // What the next byte belongs to.
  enum class Next : std::uint8_t {
    kValue,
    kFirstElement,  // a value or "]"
    kFirstKey,      // a key or "}"
    kKey,
    kColon,
    kComma,  // or the end of the open array or object
    kEnd,    // nothing but blanks
    // Up to here blanks may come first; from here on a token is open.
    kText,
    kEscape,
    kNumber,
    kLiteral,
  };

  [[nodiscard]] const char* after_blanks(const char* at) const {
    return at != end_ && is_json_blank(*at) ? skip_json_blanks(at, end_) : at;
  }

  const char* read(const char* at);
  const char* read_members_as_due(const char* at);
  const char* read_key(const char* at);
  const char* read_value(const char* at);
  const char* read_after_value(const char* at);
  const char* read_text(const char* at);

  const char* open(const char* at, bool object);
  const char* close(const char* at);
  void value_ended() { next_ = depth_ == 0 ? Next::kEnd : Next::kComma; }

  const char* read_parted_text(const char* at);
  const char* read_escapes(const char* at);
  const char* read_cut_escape(const char* at);
  const char* add_plain(const char* at);
  void add_code_point(std::uint32_t code_point);
  void hand_on_plain();
  void hand_on(std::string_view part);

  const char* read_number(const char* at);
  const char* end_number(std::string_view last_part, const char* next);
  const char* read_literal(const char* at);

  const char* go_on(bool accepted, const char* token, const char* next) {
    return accepted ? next : stop(token, "");
  }
  const char* syntax_error(const char* at) { return stop(at, "syntax error"); }
  // `back`: how many bytes before `at` the token began.
  [[gnu::cold]] const char* stop(const char* at, std::string_view problem, std::size_t back = 0);

  static constexpr std::size_t kPlainBytes = 512;
  static constexpr std::size_t kEscapeBytesMax = 12;  // a surrogate pair

  JsonRecords& records_;
  Next next_ = Next::kValue;
  std::size_t depth_ = 0;
  std::bitset<limits::kNestingDepthMax + 1> is_object_;  // the array or object open at each depth

  // The piece being read; meaningful inside take() only.
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t offset_ = 0;  // of begin_ in the body

  // The open token.
  bool is_key_ = false;                         // the text is a key
  std::array<char, kPlainBytes> plain_{};       // unescaped text not yet handed on
  std::size_t plain_size_ = 0;                  //
  std::array<char, kEscapeBytesMax> escape_{};  // an escape that began in an earlier piece
  std::size_t escape_size_ = 0;                 //
  JsonNumber number_ = JsonNumber::kNone;
  std::string_view literal_;      // the whole word
  std::size_t literal_size_ = 0;  // how much of it was read

  std::uint64_t stopped_at_ = 0;
  std::string problem_;
};

}  // namespace muster::codec
