#include "base/log.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/log_queue.h"
#include "base/text.h"
#include "base/time.h"

namespace muster::log {
namespace {

std::atomic<Format> g_format{Format::kText};

std::atomic<LogQueue*> g_queue = nullptr;
std::atomic<bool> g_muted = false;

void put(std::string line) {
  if (g_muted) return;
  line += '\n';
  if (LogQueue* queue = g_queue) {
    queue->push(std::move(line));
  } else {
    std::fwrite(line.data(), 1, line.size(), stderr);  // one call, unbuffered: a whole line
  }
}

bool must_be_escaped(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

// JSON escapes; every control character and DEL included, so a line stays one line.
void append_escaped(std::string& out, std::string_view text) {
  while (true) {
    const auto* const special = std::ranges::find_if(text, must_be_escaped);
    out.append(text.begin(), special);
    if (special == text.end()) return;
    out += '\\';
    if (*special == '"' || *special == '\\') {
      out += *special;
    } else {
      fmt::format_to(std::back_inserter(out), "u{:04x}", static_cast<unsigned char>(*special));
    }
    text = {special + 1, text.end()};
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  if (text.size() <= limits::kMessageTextBytesMax) {
    append_escaped(out, text);
  } else {
    append_escaped(out, excerpt(text));
  }
  out += '"';
}

struct AppendValue {
  std::string& out;
  void operator()(std::string_view text) const { append_quoted(out, text); }
  void operator()(std::int64_t number) const { out += fmt::format_int(number).c_str(); }
  void operator()(double number) const {
    fmt::format_to(std::back_inserter(out), "{:.6g}", number);
  }
  void operator()(bool flag) const { out += flag ? "true" : "false"; }
};

constexpr std::size_t kUsualBytes = 384;  // of a request

std::string text_line(std::string_view time, std::string_view level, std::string_view event,
                      Fields fields) {
  std::string line;
  line.reserve(kUsualBytes);
  line.append(time).append(" ").append(level).append(" ").append(event);
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

std::string make_line(std::string_view level, std::string_view event, Fields fields) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto make = g_format.load() == Format::kJson ? json_line : text_line;
  return make(format_date_time(now), level, event, fields);
}

std::string gap_line(std::uint64_t lines) {
  return make_line("warning", "log lines dropped", {{"lines", lines}}) + '\n';
}

std::terminate_handler g_terminate = nullptr;

[[noreturn]] void flush_and_terminate() {
  flush();
  g_terminate();
  std::abort();
}

// A thread that takes no signal: they are for the threads that wait for them.
std::thread start_writer(const std::shared_ptr<LogQueue>& queue) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread writer([queue] { queue->run(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return writer;
}

}  // namespace

void set_format(Format format) { g_format = format; }

void info(std::string_view event, Fields fields) { put(make_line("info", event, fields)); }

void warning(std::string_view event, Fields fields) { put(make_line("warning", event, fields)); }

void error(std::string_view event, Fields fields) { put(make_line("error", event, fields)); }

void plain(std::string_view line) { put(std::string(line)); }

bool flush() {
  LogQueue* queue = g_queue;
  return queue == nullptr || queue->flush(std::chrono::milliseconds(limits::kLogFlushMs));
}

Background::Background(prometheus::Counter& dropped) {
  const auto queue = std::make_shared<LogQueue>(STDERR_FILENO, dropped, gap_line);
  writer_ = start_writer(queue);
  g_queue = queue.get();
  g_terminate = std::set_terminate(flush_and_terminate);
}

Background::~Background() {
  std::set_terminate(g_terminate);
  const bool written = flush();
  if (!written) g_muted = true;
  LogQueue* queue = g_queue.exchange(nullptr);
  queue->close();
  if (written) {
    writer_.join();
  } else {
    writer_.detach();  // it keeps the queue
  }
}

}  // namespace muster::log
