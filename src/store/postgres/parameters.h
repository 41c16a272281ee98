// The parameters of one statement, in the order of $1, $2, ...: the only way by which values reach
// the database. Nothing from outside ever becomes part of a statement's text.
//
//   connection.ask("SELECT data FROM users WHERE domain_id = $1 AND id = ANY($2::int[])",
//                  Parameters().integer(domain).integers(ids, [](UserId id) { return id.value; }));
//
// PostgreSQL's text holds neither NUL nor broken UTF-8: text() and texts() put U+FFFD in their
// place (storable_text.h), and who looks for such a text finds nobody. For one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/storable_text.h"

namespace muster::store {

class Parameters {
 public:
  Parameters& text(std::string_view value);
  Parameters& integer(std::int64_t value);
  Parameters& flag(bool value);
  Parameters& bytes(std::string_view value);  // for a bytea

  // Arrays, one element per element of `range`. `text_of` may give std::optional: NULL.
  template <typename Range, typename TextOf>
  Parameters& texts(const Range& range, const TextOf& text_of) {
    std::string array = "{";
    for (const auto& element : range) append_text(array, text_of(element));
    return add(close(std::move(array)));
  }
  template <typename Range, typename NumberOf>
  Parameters& integers(const Range& range, const NumberOf& number_of) {
    std::string array = "{";
    for (const auto& element : range) array += std::to_string(number_of(element)) + ",";
    return add(close(std::move(array)));
  }
  template <typename Range, typename FlagOf>
  Parameters& flags(const Range& range, const FlagOf& flag_of) {
    std::string array = "{";
    for (const auto& element : range) array += flag_of(element) ? "t," : "f,";
    return add(close(std::move(array)));
  }

  [[nodiscard]] std::size_t count() const { return values_.size(); }

  // As libpq wants them: valid until the next call.
  struct View {
    std::vector<const char*> values;
    std::vector<int> lengths;
    std::vector<int> formats;  // 1: as bytes
  };
  [[nodiscard]] View view() const;

 private:
  struct Value {
    std::string text;
    bool is_bytes = false;
  };

  Parameters& add(std::string text);
  static void append_text(std::string& array, std::string_view text);
  static void append_text(std::string& array, const std::optional<std::string>& text);
  static std::string close(std::string array);

  std::vector<Value> values_;
};

}  // namespace muster::store
