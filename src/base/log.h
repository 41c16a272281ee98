// Structured log lines on standard error, one line a record.
//
//   log::info("batch applied", {{"execution_id", id}, {"records", 500}});
//
// Every text is escaped (no line feed or control character of a client reaches the
// terminal) and cut at limits::kMessageTextBytesMax. Secrets are never passed in: no
// password, hash or session id. Thread-safe; a line is written whole.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <variant>

namespace muster::log {

enum class Format : std::uint8_t { kText, kJson };

// Set once, before threads start. Text: `2026-01-01T00:00:00.000Z info batch applied records=500`;
// JSON: one object a line with keys time, level, event and the fields.
void set_format(Format format);

struct Field {
  using Value = std::variant<std::string_view, std::int64_t, double, bool>;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  template <typename Number>
    requires std::is_arithmetic_v<Number>
  Field(std::string_view name, Number number) : key(name) {
    if constexpr (std::is_same_v<Number, bool>) {
      value = number;
    } else if constexpr (std::is_floating_point_v<Number>) {
      value = static_cast<double>(number);
    } else {
      value = static_cast<std::int64_t>(number);
    }
  }

  std::string_view key;
  Value value;
};

using Fields = std::initializer_list<Field>;

void info(std::string_view event, Fields fields = {});
void warning(std::string_view event, Fields fields = {});
void error(std::string_view event, Fields fields = {});

}  // namespace muster::log
