// Result<T>: a value, or the Error that says why there is none.
//
//   Result<UserPage> page = store.list_users(query);
//   if (!page) return std::unexpected(page.error());
//
// A Result that is dropped is a compiler warning (an error in the dev preset).
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "base/error.h"

namespace muster {

template <typename T>
using Result = std::expected<T, Error>;

// Shorthand for the failing side: `return fail(ErrorType::kInvalidData, "...")`.
[[nodiscard]] inline std::unexpected<Error> fail(ErrorType type, std::string message) {
  return std::unexpected(Error{type, std::move(message)});
}

}  // namespace muster
