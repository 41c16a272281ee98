#include "loader/outcome_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "loader/difference_text.h"
#include "loader/result_rows.h"

namespace muster::loader {
namespace {

Result<void> append(std::optional<OpenFile>& file, const std::string& text, std::uint64_t& bytes) {
  if (!file) return {};
  bytes += text.size();
  return file->write(text);
}

}  // namespace

OutcomeLog::OutcomeLog(OutcomeFiles files, LoadState* state, const BatchMark& mark,
                       std::uint64_t ahead_max, LoadCounters& counters)
    : files_(std::move(files)),
      state_(state),
      ahead_max_(ahead_max),
      counters_(counters),
      mark_(mark) {}

bool OutcomeLog::wait_for_turn(std::uint64_t batch, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  return written_.wait(lock, stop, [&] { return batch < mark_.batches + ahead_max_; });
}

Result<void> OutcomeLog::add(Batch batch, BatchOutcome outcome) {
  const auto failed = std::ranges::count_if(
      outcome.records, [](const RecordAnswer& record) { return !record.succeeded; });
  counters_.done += outcome.records.size();
  counters_.failed += static_cast<std::uint64_t>(failed);

  const std::lock_guard lock(mutex_);
  const std::uint64_t number = batch.number();
  waiting_.emplace(number, Entry{std::move(batch), std::move(outcome)});
  for (auto next = waiting_.find(mark_.batches); next != waiting_.end();
       next = waiting_.find(mark_.batches)) {
    if (auto written = write(next->second); !written) return written;
    waiting_.erase(next);
  }
  written_.notify_all();
  return {};
}

Result<void> OutcomeLog::write(const Entry& entry) {
  const auto& [batch, outcome] = entry;
  BatchMark mark = mark_;
  const auto failed = static_cast<std::uint64_t>(std::ranges::count_if(
      outcome.records, [](const RecordAnswer& record) { return !record.succeeded; }));
  ++mark.batches;
  mark.failed += failed;
  mark.unchanged += outcome.unchanged;
  mark.succeeded += outcome.records.size() - failed - outcome.unchanged;
  auto done = append(files_.results, results_rows(batch, outcome.records), mark.results_bytes);
  if (done) {
    done = append(files_.failed, failed_rows(batch, outcome.records, files_.columns),
                  mark.failed_bytes);
  }
  if (done && files_.print_differences) {
    fmt::print("{}", difference_text(batch, outcome.records));
  }
  if (done && state_ != nullptr) done = state_->mark(mark);
  if (done) mark_ = mark;
  return done;
}

BatchMark OutcomeLog::mark() const {
  const std::lock_guard lock(mutex_);
  return mark_;
}

}  // namespace muster::loader
