// A password from where arguments and logs do not show it: a file, the environment, or a
// question on the terminal.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::app {

// The first line of `file`; when `file` is empty, MUSTER_PASSWORD; when that is not set either, a
// line of standard input, asked for with `prompt` and without echo on a terminal. kInvalidData
// when the file cannot be read or nothing was given.
[[nodiscard]] Result<std::string> read_secret(const std::string& file, const char* prompt);

}  // namespace muster::app
