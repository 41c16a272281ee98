#include "base/time.h"

#include "base/text.h"

namespace muster {
namespace {

struct Parts {
  std::chrono::year_month_day date{};
  std::chrono::hh_mm_ss<std::chrono::milliseconds> clock{};
};

Parts split(Timestamp at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss(at - day)};
}

template <typename Number>
void put_digits(std::string& text, std::size_t at, std::size_t count, Number number) {
  for (std::size_t i = at + count; i-- > at; number /= 10) {
    text[i] = static_cast<char>('0' + number % 10);
  }
}

// By hand: each answer has several of them and each log line one.
std::string format(Timestamp at, std::string_view pattern) {
  const Parts parts = split(at);
  std::string text(pattern);
  put_digits(text, 0, 4, static_cast<int>(parts.date.year()));
  put_digits(text, 5, 2, static_cast<unsigned>(parts.date.month()));
  put_digits(text, 8, 2, static_cast<unsigned>(parts.date.day()));
  put_digits(text, 11, 2, parts.clock.hours().count());
  put_digits(text, 14, 2, parts.clock.minutes().count());
  put_digits(text, 17, 2, parts.clock.seconds().count());
  if (text[19] == '.') put_digits(text, 20, 3, parts.clock.subseconds().count());
  return text;
}

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  return parse_digits<int>(text.substr(at, count));
}

std::optional<Timestamp> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date));
}

}  // namespace

std::string format_date_time(Timestamp at) { return format(at, "YYYY-MM-DDThh:mm:ss.fffZ"); }

std::string format_audit_time(Timestamp at) { return format(at, "YYYY-MM-DDThh:mm:ssZ"); }

std::optional<Timestamp> parse_date_time(std::string_view text) {
  const auto date = parse_date(text.substr(0, 10));
  if (!date || text.size() == 10) return date;
  const bool decimals = text.size() == 24 && text[19] == '.';
  if (!(text.size() == 20 || decimals) || text.back() != 'Z') return std::nullopt;
  if (text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  const auto millis = decimals ? digits(text, 20, 3) : std::optional<int>(0);
  if (!hour || !minute || !second || !millis) return std::nullopt;
  if (*hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return *date + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + std::chrono::milliseconds(*millis);
}

}  // namespace muster
