// Copies of a data file (`muster backup`, `muster restore`).
#pragma once

#include <filesystem>

#include "base/result.h"

namespace muster::store {

// A consistent copy as of one moment, while a server uses the file or not; commits go on meanwhile.
// On disk when this returns. Errors: kUnexpectedError (no data here, the target exists already, the
// disk); nothing is left behind then.
[[nodiscard]] Result<void> backup(const std::filesystem::path& directory,
                                  const std::filesystem::path& target);

// Makes a data directory of a copy, after verify() found it whole. Errors: kUnexpectedError (the
// directory has data already, the copy is damaged, the disk).
[[nodiscard]] Result<void> restore(const std::filesystem::path& copy,
                                   const std::filesystem::path& directory);

}  // namespace muster::store
