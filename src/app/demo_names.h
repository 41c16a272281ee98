// Invented people for demo data: given and family names of twelve regions in their own script,
// each with the letters its login name is made of. Immutable data, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

namespace muster::app {

struct DemoName {
  std::string_view text;   // "Jürgen", "健太"
  std::string_view login;  // "juergen", "kenta": ASCII lower case
};

inline constexpr std::size_t kDemoNamesPerRegion = 12;

struct DemoRegion {
  std::string_view locale;
  std::string_view language;
  std::string_view timezone;
  std::string_view site;
  std::string_view phone_prefix;
  std::string_view company;
  std::array<DemoName, kDemoNamesPerRegion> given;
  std::array<DemoName, kDemoNamesPerRegion> family;
};

[[nodiscard]] std::span<const DemoRegion> demo_regions();

}  // namespace muster::app
