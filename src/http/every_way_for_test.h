// The parser's reading of bytes, with a check that it does not depend on how they arrive.
#pragma once

#include <string_view>

#include "http/reading_for_test.h"

namespace muster::http {

// Reads whole; expects the same byte by byte and cut in two at every byte (of long inputs: at a
// thousand places).
[[nodiscard]] Reading read_every_way(std::string_view bytes);

}  // namespace muster::http
