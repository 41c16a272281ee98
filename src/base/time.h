// Points in time and their text forms on the wire. UTC only; no time zones here. Years 0 to 9999.
// Pure functions, safe from any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

// Milliseconds since 1970-01-01T00:00:00Z.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

// "2025-02-11T09:30:00.000Z": date-times of user objects (always three decimals, value kept to the
// ms).
[[nodiscard]] std::string format_date_time(Timestamp at);

// "2025-02-11T09:30:00Z": date-times of audit rows.
[[nodiscard]] std::string format_audit_time(Timestamp at);

// Reads both forms above, and a bare date "2025-02-11" as its midnight.
// nullopt for anything else, an impossible date included.
[[nodiscard]] std::optional<Timestamp> parse_date_time(std::string_view text);

}  // namespace muster
