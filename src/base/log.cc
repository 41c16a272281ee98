#include "base/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <atomic>
#include <string>

#include "base/text.h"
#include "base/time.h"

namespace muster::log {
namespace {

std::atomic<Format> g_format{Format::kText};

// spdlog gives a thread-safe sink; the line itself is made here so that both formats escape alike.
spdlog::logger& sink() {
  static const auto logger = [] {
    auto made = std::make_shared<spdlog::logger>("muster",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    made->flush_on(spdlog::level::info);
    return made;
  }();
  return *logger;
}

// JSON escapes; every control character and DEL included, so a line stays one line.
void append_escaped(std::string& out, std::string_view text) {
  for (const char c : excerpt(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  append_escaped(out, text);
  out += '"';
}

struct AppendValue {
  std::string& out;
  void operator()(std::string_view text) const { append_quoted(out, text); }
  void operator()(std::int64_t number) const {
    fmt::format_to(std::back_inserter(out), "{}", number);
  }
  void operator()(double number) const {
    fmt::format_to(std::back_inserter(out), "{:.6g}", number);
  }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
};

std::string text_line(std::string_view time, std::string_view level, std::string_view event,
                      Fields fields) {
  std::string line = fmt::format("{} {} {}", time, level, event);
  for (const Field& field : fields) {
    line += ' ';
    line += field.key;
    line += '=';
    std::visit(AppendValue{line}, field.value);
  }
  return line;
}

std::string json_line(std::string_view time, std::string_view level, std::string_view event,
                      Fields fields) {
  std::string line = fmt::format(R"({{"time":"{}","level":"{}","event":)", time, level);
  append_quoted(line, event);
  for (const Field& field : fields) {
    line += ',';
    append_quoted(line, field.key);
    line += ':';
    std::visit(AppendValue{line}, field.value);
  }
  line += '}';
  return line;
}

void write(spdlog::level::level_enum level, std::string_view name, std::string_view event,
           Fields fields) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::string time = format_date_time(now);
  const auto make = g_format.load() == Format::kJson ? json_line : text_line;
  sink().log(level, "{}", make(time, name, event, fields));
}

}  // namespace

void set_format(Format format) { g_format = format; }

void info(std::string_view event, Fields fields) {
  write(spdlog::level::info, "info", event, fields);
}

void warning(std::string_view event, Fields fields) {
  write(spdlog::level::warn, "warning", event, fields);
}

void error(std::string_view event, Fields fields) {
  write(spdlog::level::err, "error", event, fields);
}

}  // namespace muster::log
