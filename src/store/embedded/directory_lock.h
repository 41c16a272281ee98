// One process per data directory: an advisory lock on DIR/lock, held for the object's life and
// released by the kernel whatever ends the process.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.h"

namespace muster::store {

class DirectoryLock {
 public:
  // Creates the file (mode 0600). kUnexpectedError naming the directory when another process, or
  // another store of this one, holds it.
  [[nodiscard]] static Result<DirectoryLock> acquire(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;  // -1: moved from
};

}  // namespace muster::store
