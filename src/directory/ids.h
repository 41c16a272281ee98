// Strong ids: a VaultId cannot be passed where a UserId is due.
// User, vault, domain and policy ids lie between 1 and 2'147'483'647, since real clients
// read them as signed 32-bit integers; 0 means "none". Group ids may need 64 bits.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.h"

namespace muster::directory {

template <typename Tag, typename Rep>
struct Id {
  Rep value = 0;

  [[nodiscard]] explicit operator bool() const { return value != 0; }
  friend auto operator<=>(const Id&, const Id&) = default;
};

using UserId = Id<struct UserTag, std::int32_t>;
using VaultId = Id<struct VaultTag, std::int32_t>;
using DomainId = Id<struct DomainTag, std::int32_t>;
using PolicyId = Id<struct PolicyTag, std::int32_t>;
using GroupId = Id<struct GroupTag, std::int64_t>;

// The system account: creator of everything, read-only, cannot log in.
inline constexpr UserId kSystemUserId{1};

// Digits only, 1 to the type's maximum; nullopt otherwise ("+5", "12021.0", " 5", "0").
template <typename AnyId>
[[nodiscard]] std::optional<AnyId> parse_id(std::string_view text) {
  const auto value = parse_digits<decltype(AnyId::value)>(text);
  if (!value || *value == 0) return std::nullopt;
  return AnyId{*value};
}

template <typename Tag, typename Rep>
[[nodiscard]] std::string to_string(Id<Tag, Rep> id) {
  return std::to_string(id.value);
}

}  // namespace muster::directory

template <typename Tag, typename Rep>
struct std::hash<muster::directory::Id<Tag, Rep>> {
  std::size_t operator()(muster::directory::Id<Tag, Rep> id) const noexcept {
    // Fibonacci hashing: neighbouring ids spread over the whole table.
    constexpr std::size_t kGoldenRatio = 0x9E3779B97F4A7C15;
    return static_cast<std::size_t>(id.value) * kGoldenRatio;
  }
};
