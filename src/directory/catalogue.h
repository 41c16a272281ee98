// The closed lists of values of user_timezone__v, user_locale__v and user_language__v: what
// the metadata answer offers and a record may say (protocol 2.5, 3.1).
//
//   if (find_time_zone("Europe/Berlin") == nullptr) ...
//   for (const CatalogueValue& zone : time_zones()) ...
//
// Immutable data, safe from any thread; the views live as long as the program.
#pragma once

#include <span>
#include <string_view>

namespace muster::directory {

struct CatalogueValue {
  std::string_view value;  // "Europe/Berlin", "pt_BR", "zh_CN"
  std::string_view label;  // "(GMT+01:00) Central European Standard Time (Europe/Berlin)", "Brazil"
};

// Each ascending by value (bytes).
// IANA names, legacy aliases such as Asia/Calcutta included; labels with the standard-time offset.
[[nodiscard]] std::span<const CatalogueValue> time_zones();
[[nodiscard]] std::span<const CatalogueValue> locales();
[[nodiscard]] std::span<const CatalogueValue> languages();

// Exact; nullptr when the list has no such value.
[[nodiscard]] const CatalogueValue* find_time_zone(std::string_view value);
[[nodiscard]] const CatalogueValue* find_locale(std::string_view value);
[[nodiscard]] const CatalogueValue* find_language(std::string_view value);

}  // namespace muster::directory
