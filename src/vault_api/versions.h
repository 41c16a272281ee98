// The API versions that exist (protocol section 1.1). All behave alike; a route may ask for a
// minimum.
//
//   std::optional<Version> version = find_version("v23.3");
//
// Immutable data, safe from any thread.
#pragma once

#include <compare>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster::vault_api {

struct Version {
  int major_number = 0;
  int minor_number = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

inline constexpr Version kFirstVersion{7, 0};
inline constexpr Version kBulkUsersSince{12, 0};   // the bulk users calls
inline constexpr Version kDailyLimitUntil{20, 3};  // last version with daily limit headers

// v7.0 to v16.0, then three a year up to v26.2; oldest first.
[[nodiscard]] std::span<const Version> all_versions();

// "v25.2", or "25.2" as real clients send it; nullopt for every other text.
[[nodiscard]] std::optional<Version> find_version(std::string_view text);

// "v25.2"
[[nodiscard]] std::string to_string(Version version);

}  // namespace muster::vault_api
