// The process's limit of open files against the connections it means to hold.
#pragma once

#include <cstddef>

namespace muster::app {

// Raises the soft limit as far as needed and allowed; gives how many connections fit in beside
// the server's own files, at most `wanted`.
[[nodiscard]] std::size_t make_room_for_connections(std::size_t wanted);

}  // namespace muster::app
