// How the records of a call are written, beside what they ask for (protocol 7.1 to 7.4). Plain
// data.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "directory/batch_log.h"
#include "directory/record_outcome.h"
#include "directory/secrets.h"

namespace muster::directory {

// Keeps the answer of the call together with what it changes.
struct AnswerKeeping {
  Digest key{};
  Digest body{};
  // May be called for each run of the transaction; the last one counts.
  std::function<std::string(const BatchOutcome&)> text;
};

struct BatchOptions {
  // Everything is judged and described, nothing is written, remembered or kept.
  bool dry_run = false;
  // One failing record: nothing is written.
  bool atomic = false;
  // Of a bulk call, which is remembered: started, client_id, reference_id and, when it is none that
  // the rules say, operation. The rest is filled in.
  std::optional<Batch> batch = std::nullopt;
  // The batch that this one takes back; empty: none.
  std::string undoes = {};
  std::optional<AnswerKeeping> keep = std::nullopt;
};

}  // namespace muster::directory
