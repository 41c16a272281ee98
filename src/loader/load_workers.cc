#include "loader/load_workers.h"

#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace muster::loader {
namespace {

class Workers {
 public:
  Workers(BatchCutter& cutter, OutcomeLog& log) : cutter_(cutter), log_(log) {}

  void halt() { halt_.request_stop(); }
  [[nodiscard]] std::stop_token halted() const { return halt_.get_token(); }

  // Ends when there is nothing more to send, or nothing more should be.
  void work(BatchSender sender) {
    while (auto batch = take()) {
      if (!log_.wait_for_turn(batch->number(), halted())) return;
      auto outcome = sender.send(*batch);
      if (!outcome) return end_with(outcome.error());
      if (!*outcome) return;
      if (auto added = log_.add(std::move(*batch), std::move(**outcome)); !added) {
        return end_with(added.error());
      }
    }
  }

  [[nodiscard]] Result<void> result() const {
    if (error_) return std::unexpected(*error_);
    return {};
  }

 private:
  std::optional<Batch> take() {
    const std::lock_guard lock(mutex_);
    if (halt_.stop_requested()) return std::nullopt;
    auto batch = cutter_.next();
    if (cutter_.read_error()) keep(*cutter_.read_error());
    return batch;
  }

  void end_with(const Error& error) {
    const std::lock_guard lock(mutex_);
    keep(error);
  }

  // The first error is told; it ends the others too.
  void keep(const Error& error) {
    if (!error_) error_ = error;
    halt_.request_stop();
  }

  BatchCutter& cutter_;
  OutcomeLog& log_;
  std::mutex mutex_;
  std::optional<Error> error_;
  std::stop_source halt_;
};

}  // namespace

Result<void> run_workers(BatchCutter& cutter, OutcomeLog& log, const std::stop_token& stop,
                         unsigned jobs, const MakeSender& make_sender) {
  Workers workers(cutter, log);
  const std::stop_callback on_stop(stop, [&] { workers.halt(); });
  {
    std::vector<std::jthread> threads;
    threads.reserve(jobs);
    for (unsigned i = 0; i < jobs; ++i) {
      threads.emplace_back([&] { workers.work(make_sender(workers.halted())); });
    }
  }
  return workers.result();
}

}  // namespace muster::loader
