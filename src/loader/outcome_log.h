// Puts the outcomes of batches back into the order of the file, whatever order they come in: rows
// of --results and --failed, differences of a dry run, sums, and the mark in the state file, which
// comes last.
//
//   OutcomeLog log(files, state, mark);
//   log.wait_for_turn(batch.number(), stop);    // before it is sent
//   log.add(std::move(batch), std::move(outcome));
//
// Holds the outcomes that wait for an earlier batch; wait_for_turn() keeps them few.
// Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

#include "base/result.h"
#include "loader/batch.h"
#include "loader/batch_sender.h"
#include "loader/load_state.h"
#include "loader/open_file.h"
#include "loader/progress.h"

namespace muster::loader {

// Where outcomes go; what is not wanted is empty.
struct OutcomeFiles {
  std::optional<OpenFile> results;
  std::optional<OpenFile> failed;
  bool print_differences = false;  // to standard output
  std::size_t columns = 0;         // of the input
};

class OutcomeLog {
 public:
  // Goes on after `mark`; the files end where it says. `state` may be null.
  OutcomeLog(OutcomeFiles files, LoadState* state, const BatchMark& mark, std::uint64_t ahead_max,
             LoadCounters& counters);

  // Waits until fewer than `ahead_max` batches wait before this one; false: stop was asked for.
  [[nodiscard]] bool wait_for_turn(std::uint64_t batch, const std::stop_token& stop);

  // kUnexpectedError when a file cannot be written.
  [[nodiscard]] Result<void> add(Batch batch, BatchOutcome outcome);

  // The sums over what was written.
  [[nodiscard]] BatchMark mark() const;

 private:
  using Entry = std::pair<Batch, BatchOutcome>;
  [[nodiscard]] Result<void> write(const Entry& entry);

  OutcomeFiles files_;
  LoadState* state_;
  const std::uint64_t ahead_max_;
  LoadCounters& counters_;

  mutable std::mutex mutex_;
  std::condition_variable_any written_;
  BatchMark mark_;
  std::map<std::uint64_t, Entry> waiting_;
};

}  // namespace muster::loader
