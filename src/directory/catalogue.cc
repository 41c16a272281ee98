#include "directory/catalogue.h"

#include <algorithm>

namespace muster::directory {
namespace {

const CatalogueValue* find_in(std::span<const CatalogueValue> catalogue, std::string_view value) {
  const auto found = std::ranges::lower_bound(catalogue, value, {}, &CatalogueValue::value);
  return found != catalogue.end() && found->value == value ? &*found : nullptr;
}

}  // namespace

const CatalogueValue* find_time_zone(std::string_view value) {
  return find_in(time_zones(), value);
}

const CatalogueValue* find_locale(std::string_view value) { return find_in(locales(), value); }

const CatalogueValue* find_language(std::string_view value) { return find_in(languages(), value); }

}  // namespace muster::directory
