// The environment of the process. For the main thread, before any other one starts.
#pragma once

#include <optional>
#include <string>

namespace muster::app {

[[nodiscard]] std::optional<std::string> environment(const std::string& name);

}  // namespace muster::app
