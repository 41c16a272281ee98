// JsonReader: in pieces as in whole, the same behind a chunk of blanks, and the verdict of Boost's
// parser, but for what the protocol refuses. The first byte of the input chooses the cuts.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "check.h"
#include "codec/json_reader.h"
#include "codec/record_log.h"
#include "codec/utf8_gate.h"

namespace {

using muster::codec::CellKind;
using muster::codec::JsonReader;
using muster::codec::Reading;
using muster::fuzz::check;

bool is_json(std::string_view text) {
  boost::json::error_code code;
  boost::json::parse({text.data(), text.size()}, code);
  return !code;
}

// As far as Boost can tell: it stops at numbers beyond its range, which the reader keeps as text.
bool may_be_json(std::string_view text) {
  boost::json::error_code code;
  boost::json::parse({text.data(), text.size()}, code);
  return !code || code == boost::json::error::exponent_overflow;
}

// What a syntax error says, or the end of an incomplete body.
bool is_syntax_error(const Reading& reading) {
  const std::string& message = reading.error.message;
  return message.ends_with(": syntax error.") || message.ends_with(": incomplete JSON.") ||
         message.ends_with(": text after the end.");
}

bool has_mark(std::string_view body) {
  return !body.empty() && (body[0] == '\xEF' || body[0] == '\xFF' || body[0] == '\xFE');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Reading whole = muster::codec::read_whole<JsonReader>(body);
  const auto cuts = muster::fuzz::cuts(body.size(), data[0]);
  check(muster::codec::read_cut<JsonReader>(body, cuts) == whole, "pieces equal the whole");
  for (const auto& record : whole.records) {
    check(record.cells.size() <= muster::limits::kColumnsMax, "no more cells than allowed");
    for (const auto& cell : record.cells) {
      check(cell.text.size() <= muster::limits::kCellBytesMax, "cells within the limit");
      check(muster::codec::is_valid_utf8(cell.text), "cells are UTF-8");
      check(cell.kind != CellKind::kNested || may_be_json(cell.text), "nested values are JSON");
    }
  }
  if (has_mark(body)) return 0;
  check(!whole.ok || may_be_json(body), "only JSON is accepted");
  check(!is_syntax_error(whole) || !is_json(body), "JSON is not refused for its syntax");

  const std::size_t before = body.empty() ? 0 : data[0] * body.size() / 256;
  const std::string moved =
      std::string(muster::limits::kBodyChunkBytes - before, ' ') + std::string(body);
  const Reading again = muster::codec::read_whole<JsonReader>(moved);
  check(again.ok == whole.ok, "the same verdict behind a chunk");
  check(!whole.ok || again == whole, "the same records behind a chunk");
  return 0;
}
