// Sends the batches of a file over several connections at once, a thread each.
#pragma once

#include <functional>
#include <stop_token>

#include "base/result.h"
#include "loader/batch.h"
#include "loader/batch_sender.h"
#include "loader/outcome_log.h"

namespace muster::loader {

// Called once a thread. The token asks the sender to give up waiting.
using MakeSender = std::function<BatchSender(const std::stop_token&)>;

// Returns when every batch is in the log, or after `stop` when those in flight are, or with the
// first error that ends the load. Batches of the log are complete and without a gap in every case.
[[nodiscard]] Result<void> run_workers(BatchCutter& cutter, OutcomeLog& log,
                                       const std::stop_token& stop, unsigned jobs,
                                       const MakeSender& make_sender);

}  // namespace muster::loader
