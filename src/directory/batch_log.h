// What is remembered of bulk calls: that they were made (protocol 7.4), and for a day what was
// answered to those with an Idempotency-Key (7.3). Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "directory/ids.h"
#include "directory/secrets.h"

namespace muster::directory {

// One bulk call. succeeded counts the records that changed something: records = succeeded +
// unchanged + failed.
struct Batch {
  std::string id;  // execution id of the call
  UserId user_id;
  VaultId vault_id;
  std::string operation;  // "update", "create", "upsert", "undo"
  Timestamp started{};    // arrival of the call
  Timestamp finished{};   // verdict on its last record
  std::int64_t records = 0;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  std::int64_t unchanged = 0;
  std::string client_id;
  std::string reference_id;
  std::string undone_by;  // execution id of the batch that took it back; empty: none did

  friend bool operator==(const Batch&, const Batch&) = default;
};

struct BatchQuery {
  std::optional<VaultId> vault = std::nullopt;  // of the calls; nullopt: of every vault
  std::int64_t start = 0;
  std::int64_t limit = 200;
};

struct BatchPage {
  std::vector<Batch> batches;  // newest first
  std::int64_t total = 0;      // whatever start and limit
};

// The answer to a call that may be sent again.
struct KeptAnswer {
  Digest key{};   // of the Idempotency-Key and its scope
  Digest body{};  // of the request's body
  Timestamp at{};
  std::string text;  // the store does not look into it

  friend bool operator==(const KeptAnswer&, const KeptAnswer&) = default;
};

}  // namespace muster::directory
