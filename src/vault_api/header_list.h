// A header field that is a list may come as several lines; together they are one list (RFC 9110,
// 5.3). A proxy that adds to X-Forwarded-For may do so on a line of its own.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "http/message.h"

namespace muster::vault_api {

// The values of all fields of that name in their order, joined by ", ".
[[nodiscard]] inline std::string header_list(const http::Headers& headers, std::string_view name) {
  std::string list;
  for (const http::Header& field : headers) {
    if (!equals_ignoring_case(field.name, name)) continue;
    if (!list.empty()) list += ", ";
    list += field.value;
  }
  return list;
}

}  // namespace muster::vault_api
