#include "vault_api/versions.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace muster::vault_api {
namespace {

constexpr int kFirstThreeAYear = 17;
constexpr Version kNewest{26, 2};

constexpr std::size_t kVersionCount =
    static_cast<std::size_t>(kFirstThreeAYear - kFirstVersion.major_number +
                             3 * (kNewest.major_number - kFirstThreeAYear) + kNewest.minor_number);

constexpr std::array<Version, kVersionCount> kVersions = [] {
  std::array<Version, kVersionCount> versions{};
  std::size_t count = 0;
  for (int number = kFirstVersion.major_number; number < kFirstThreeAYear; ++number) {
    versions[count++] = {number, 0};
  }
  for (int year = kFirstThreeAYear; year <= kNewest.major_number; ++year) {
    for (int release = 1; release <= 3 && Version{year, release} <= kNewest; ++release) {
      versions[count++] = {year, release};
    }
  }
  return versions;
}();

}  // namespace

std::span<const Version> all_versions() { return kVersions; }

std::optional<Version> find_version(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const std::size_t dot = std::min(text.find('.'), text.size());
  const auto major_number = parse_digits<int>(text.substr(0, dot));
  const auto minor_number = parse_digits<int>(text.substr(std::min(dot + 1, text.size())));
  if (!major_number || !minor_number) return std::nullopt;
  const Version version{*major_number, *minor_number};
  // "v025.2" is no version.
  const bool known =
      std::ranges::binary_search(kVersions, version) && to_string(version).substr(1) == text;
  return known ? std::optional(version) : std::nullopt;
}

std::string to_string(Version version) {
  return "v" + std::to_string(version.major_number) + "." + std::to_string(version.minor_number);
}

}  // namespace muster::vault_api
