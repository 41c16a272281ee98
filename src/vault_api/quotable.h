// Header texts in messages. A header may carry any byte, an answer is UTF-8.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"

namespace muster::vault_api {

// excerpt() with a question mark for everything but printable ASCII.
[[nodiscard]] inline std::string quotable(std::string_view header_text) {
  std::string text(header_text);
  std::ranges::replace_if(text, [](char c) { return c < ' ' || c > '~'; }, '?');
  return excerpt(text);
}

}  // namespace muster::vault_api
