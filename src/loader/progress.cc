#include "loader/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "loader/limits.h"
#include "loader/rate_meter.h"

namespace muster::loader {
namespace {

using Clock = std::chrono::steady_clock;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value == nullptr ? std::string_view() : std::string_view(value);
}

// Where a line can be drawn over.
bool is_terminal() { return isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"; }

// Asked anew for each line: the window may have another size by now. The last column stays free,
// as some terminals wrap when it is filled.
std::size_t columns() {
  constexpr std::size_t kUsual = 80;
  winsize size{};
  const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return (known ? size.ws_col : kUsual) - 1;
}

void draw(const ProgressFigures& figures, bool colour) {
  fmt::print(stderr, "\r{}\x1B[K", terminal_line(figures, columns(), colour));
}

}  // namespace

ProgressDisplay::ProgressDisplay(const LoadCounters& counters, std::uint64_t total)
    : counters_(counters),
      total_(total),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

ProgressDisplay::~ProgressDisplay() {
  thread_.request_stop();
  thread_.join();
}

void ProgressDisplay::run(const std::stop_token& stop) {
  const bool terminal = is_terminal();
  const bool colour = environment("NO_COLOR").empty();
  const auto pause = std::chrono::milliseconds(terminal ? limits::kRedrawMs : limits::kPlainLineMs);
  RateMeter rate(counters_.done, Clock::now());
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  for (bool ended = false; !ended;) {
    never.wait_for(lock, stop, pause, [] { return false; });
    ended = stop.stop_requested();
    const std::uint64_t done = counters_.done;
    rate.sample(done, Clock::now());
    const ProgressFigures figures{.total = total_,
                                  .done = done,
                                  .failed = counters_.failed,
                                  .per_second = rate.overall(),
                                  .per_second_recent = rate.recent()};
    if (terminal) {
      draw(figures, colour);
    } else if (!ended) {
      fmt::print(stderr, "{}\n", plain_line(figures));
    }
  }
  if (terminal) fmt::print(stderr, "\n");
}

}  // namespace muster::loader
