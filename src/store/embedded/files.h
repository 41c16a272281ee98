// Files and directories that survive a power cut and that nobody else may read.
// Errors: kUnexpectedError naming the path.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace muster::store {

// With its parents; a new one is the owner's alone.
[[nodiscard]] Result<void> make_directory(const std::filesystem::path& directory);
// Leaves an existing one as it is. SQLite gives its other files the permissions of this one.
[[nodiscard]] Result<void> make_private_file(const std::filesystem::path& file);
[[nodiscard]] Result<void> sync_file(const std::filesystem::path& file);
// Makes new names in the directory survive.
[[nodiscard]] Result<void> sync_directory(const std::filesystem::path& directory);

}  // namespace muster::store
