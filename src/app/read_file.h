// A whole small file of the operator as a string: configuration, seed.
#pragma once

#include <cstdint>
#include <string>

#include "base/limits.h"
#include "base/result.h"

namespace muster::app {

// kInvalidData "FILE: reason" when it cannot be read or holds more than `bytes_max`.
[[nodiscard]] Result<std::string> read_file(const std::string& path, std::uint64_t bytes_max);

}  // namespace muster::app
