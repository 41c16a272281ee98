// Reads what row_text.h writes. Internal to the embedded store's recovery.
//
// A text of another shape throws simdjson::simdjson_error, which the callers translate once per
// record (see parse_json()). Views live until the parser's next text.
#pragma once

#include <simdjson.h>

#include <string_view>
#include <utility>

#include "base/result.h"
#include "directory/domain.h"
#include "directory/session.h"
#include "store/embedded/row_text.h"

namespace muster::store {

using Json = simdjson::dom::element;

// The array under `key`, as a value: what range-for walks over must not be a temporary's insides.
[[nodiscard]] inline simdjson::dom::array array_of(Json object, std::string_view key) {
  return object[key].get_array();
}

// The elements of a JSON array, one after the other.
class JsonRow {
 public:
  explicit JsonRow(Json array) : array_(array.get_array()), next_(array_.begin()) {}

  [[nodiscard]] bool at_end() const { return !(next_ != array_.end()); }
  Json element();
  std::int64_t integer() { return element().get_int64(); }
  std::string_view text() { return element().get_string(); }

 private:
  simdjson::dom::array array_;
  simdjson::dom::array::iterator next_;
};

template <typename AnyId>
[[nodiscard]] AnyId read_id(std::int64_t value) {
  if (!std::in_range<decltype(AnyId::value)>(value)) {
    throw simdjson::simdjson_error(simdjson::NUMBER_OUT_OF_RANGE);
  }
  return AnyId{static_cast<decltype(AnyId::value)>(value)};
}

[[nodiscard]] directory::Digest read_digest(std::string_view hex);
[[nodiscard]] directory::Session read_session(Json row);
[[nodiscard]] std::pair<directory::UserId, directory::Credential> read_credential(Json row);
[[nodiscard]] directory::Domain read_domain(Json object);

// Parses `text` and hands it to `read`, whose Result it returns; kUnexpectedError naming `what`
// for a text that is no JSON or of another shape.
template <typename Read>
[[nodiscard]] Result<void> parse_json(simdjson::dom::parser& parser, std::string_view text,
                                      std::string_view what, const Read& read) {
  try {
    return read(parser.parse(text.data(), text.size()).value());
  } catch (const simdjson::simdjson_error& error) {
    return fail(ErrorType::kUnexpectedError,
                "The data file is damaged: " + std::string(what) + ": " + error.what());
  }
}

}  // namespace muster::store
