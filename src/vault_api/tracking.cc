#include "vault_api/tracking.h"

#include <algorithm>

#include "base/limits.h"

namespace muster::vault_api {
namespace {

bool is_client_id_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}

bool is_printable(char c) { return c >= ' ' && c <= '~'; }

}  // namespace

std::string tracked_client_id(std::string_view query_value, std::string_view header_value) {
  const std::string_view id = query_value.empty() ? header_value : query_value;
  if (id.empty()) return "unknown";
  const bool valid =
      id.size() <= limits::kClientIdBytesMax && std::ranges::all_of(id, is_client_id_character);
  return valid ? std::string(id) : "invalid_client_id";
}

std::string tracked_reference_id(std::string_view header_value) {
  const bool valid = header_value.size() <= limits::kReferenceIdBytesMax &&
                     std::ranges::all_of(header_value, is_printable);
  return valid ? std::string(header_value) : std::string();
}

}  // namespace muster::vault_api
