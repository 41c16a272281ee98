#include "loader/progress_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace muster::loader {
namespace {

constexpr std::size_t kBarMin = 12;  // its brackets included
constexpr std::size_t kBarMax = 42;

double share_of(const ProgressFigures& figures) {
  if (figures.total == 0) return 1;
  return std::min(1.0, static_cast<double>(figures.done) / static_cast<double>(figures.total));
}

// Rounded down: 100% is shown when all is done, not before.
std::string percent(const ProgressFigures& figures) {
  const auto tenths = static_cast<int>(share_of(figures) * 1000);
  return fmt::format("{:3}.{}%", tenths / 10, tenths % 10);
}

// "950", "12.3k", "1.2M".
std::string shortened(double number) {
  if (number < 999.5) return fmt::format("{:.0f}", number);
  if (number < 999'950) return fmt::format("{:.1f}k", number / 1'000);
  return fmt::format("{:.1f}M", number / 1'000'000);
}

std::string bar(const ProgressFigures& figures, std::size_t width) {
  const std::size_t inner = width - 2;
  const auto filled = static_cast<std::size_t>(share_of(figures) * static_cast<double>(inner));
  return "[" + std::string(filled, '#') + std::string(inner - filled, '-') + "]";
}

struct Part {
  std::string text;
  bool shown = false;
};

}  // namespace

std::string time_left(const ProgressFigures& figures) {
  const double rate =
      figures.per_second_recent > 0 ? figures.per_second_recent : figures.per_second;
  if (figures.done >= figures.total) return "0:00";
  if (rate <= 0) return "-:--";
  const double left = static_cast<double>(figures.total - figures.done) / rate;
  constexpr double kLongest = 359'999;  // 99:59:59
  const auto seconds = static_cast<int>(std::ceil(std::min(left, kLongest)));
  if (seconds >= 3600) {
    return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::string terminal_line(const ProgressFigures& figures, std::size_t width, bool colour) {
  // In the order of the line.
  std::array<Part, 6> parts{Part{percent(figures)},
                            Part{fmt::format("{}/{}", figures.done, figures.total)},
                            Part{shortened(figures.per_second) + "/s"},
                            Part{"now " + shortened(figures.per_second_recent) + "/s"},
                            Part{"ETA " + time_left(figures)},
                            Part{fmt::format("failed {}", figures.failed)}};
  std::size_t used = 0;
  const auto show_if_it_fits = [&](std::size_t index) {
    const std::size_t needed = parts[index].text.size() + (used == 0 ? 0 : 2);
    parts[index].shown = used + needed <= width;
    if (parts[index].shown) used += needed;
  };
  // In the order of their worth: percent, failed, ETA, rate; then the bar, rate of late, count.
  for (const std::size_t index : {0U, 5U, 4U, 2U}) show_if_it_fits(index);
  const std::size_t bar_least = kBarMin + 2;
  const bool with_bar = used + bar_least <= width;
  if (with_bar) used += bar_least;
  for (const std::size_t index : {3U, 1U}) show_if_it_fits(index);
  std::string line;
  if (with_bar) line = bar(figures, std::min(kBarMin + width - used, kBarMax));
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].shown) continue;
    if (!line.empty()) line += "  ";
    const bool red = colour && i == 5 && figures.failed > 0;
    line += red ? "\x1B[31m" + parts[i].text + "\x1B[0m" : parts[i].text;
  }
  return line;
}

std::string plain_line(const ProgressFigures& figures) {
  std::string share = percent(figures);
  share.erase(0, share.find_first_not_of(' '));
  return fmt::format("{}, {} of {} records, {:.0f} records/s (now {:.0f}), ETA {}, failed {}",
                     share, figures.done, figures.total, figures.per_second,
                     figures.per_second_recent, time_left(figures), figures.failed);
}

}  // namespace muster::loader
