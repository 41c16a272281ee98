// Structured log lines on standard error, one line a record.
//
//   log::info("batch applied", {{"execution_id", id}, {"records", 500}});
//
// Every text is escaped (no line feed or control character of a client reaches the
// terminal) and cut at limits::kMessageTextBytesMax. Secrets are never passed in: no
// password, hash or session id. Thread-safe; a line is written whole.
//
// Written by the caller, or, while a Background lives, by a thread of its own: then nobody waits
// for whoever reads standard error, and what he leaves for too long is dropped and counted.
#pragma once

#include <prometheus/counter.h>

#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <thread>
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
// A line as it is, for the person who started the program.
void plain(std::string_view line);

// Waits until the lines so far are written, at most limits::kLogFlushMs. False: they are not.
bool flush();

// One at a time, by the main thread; it outlives all threads that log.
class Background {
 public:
  // `dropped` counts the lines that nobody read in time.
  explicit Background(prometheus::Counter& dropped);
  // Flushes. Where that fails, nothing is written any more: the end of the process waits for no
  // reader.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

 private:
  std::thread writer_;
};

}  // namespace muster::log
