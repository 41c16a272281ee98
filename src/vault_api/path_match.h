// Request paths against the templates of the route table (protocol section 1.1).
//
//   auto segments = split_path("/api/v23.3/objects/users/25001/");
//   auto arguments = match_path("/api/{version}/objects/users/{id}", *segments);
//   arguments->at("id") == "25001"
//
// Pure functions, safe from any thread.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::vault_api {

// Parameter name (as in the template) to the decoded segment. Keys view the template.
using PathArguments = std::map<std::string_view, std::string>;

// The segments of a path, percent-decoded one by one, so that an encoded slash stays inside its
// segment. One trailing slash is ignored. kMalformedUrl: a doubled slash, a "." or ".." segment, a
// broken escape, an escaped control character.
[[nodiscard]] Result<std::vector<std::string>> split_path(std::string_view path);

// Literal segments match exactly, "{name}" matches any one segment. nullopt: no match.
[[nodiscard]] std::optional<PathArguments> match_path(std::string_view path_template,
                                                      std::span<const std::string> segments);

}  // namespace muster::vault_api
