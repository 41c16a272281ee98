// Who may write the file: one at a time, and after the first failure nobody any more. What was
// written before a failed sync may be lost although a later sync says it is there.
//
//   Result<void> done = disk.use([&] { return journal.append(group); });
//
// Thread-safe.
#pragma once

#include <mutex>

#include "base/result.h"

namespace muster::store {

class DiskTurn {
 public:
  // Runs `work` when it is its turn. Errors: its own; kUnexpectedError after an earlier failure.
  template <typename Work>
  [[nodiscard]] Result<void> use(const Work& work) {
    const std::lock_guard lock(mutex_);
    if (has_failed_) return fail(ErrorType::kUnexpectedError, "The data file has failed before.");
    Result<void> done = work();
    has_failed_ = !done;
    return done;
  }

 private:
  std::mutex mutex_;
  bool has_failed_ = false;
};

}  // namespace muster::store
