#include "store/storable_text.h"

#include <simdjson.h>

#include <algorithm>

namespace muster::store {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

}  // namespace

bool is_storable(std::string_view text) {
  return !text.contains('\0') && simdjson::validate_utf8(text.data(), text.size());
}

// Rare, so plain: a byte that cannot stay alone is replaced.
std::string made_storable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t length = std::min<std::size_t>(4, text.size() - at);
    while (length > 0 && !is_storable(text.substr(at, length))) --length;
    out += length == 0 ? kReplacement : text.substr(at, length);
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

}  // namespace muster::store
