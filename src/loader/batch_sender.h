// Sends batches, one after the other, until each of their records has a result: through cut
// connections, a restarted server, ended sessions and lost races.
//
//   BatchSender sender(ApiClient(...), call, retry_for, stop);
//   auto outcome = sender.send(batch);
//
// Every batch goes out with an idempotency key made of the load's id and its number: sent again, it
// is answered and not applied again, also by another run of the loader (protocol 7.3).
// Not thread-safe: one per connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/result.h"
#include "loader/api_answer.h"
#include "loader/api_client.h"
#include "loader/batch.h"

namespace muster::loader {

// What is asked of the server with every batch.
struct BatchCall {
  Operation operation = Operation::kUpdate;
  std::string id_param{};  // upsert
  bool dry_run = false;
  bool atomic = false;
  bool formula_safe = false;  // cells have the marks of such an export
  std::string load_id{};

  [[nodiscard]] std::string_view method() const;
  [[nodiscard]] std::string target() const;
};

struct BatchOutcome {
  std::vector<RecordAnswer> records;  // one a row, in their order
  std::uint64_t unchanged = 0;        // of the records that succeeded
};

class BatchSender {
 public:
  BatchSender(ApiClient client, BatchCall call, std::chrono::seconds retry_for,
              std::stop_token stop);

  // nullopt: stop was asked for while it waited to try again. The error that ends the load: a
  // refusal of the batch as a whole, or no answer for `retry_for`.
  [[nodiscard]] Result<std::optional<BatchOutcome>> send(const Batch& batch);

 private:
  struct Posted {
    std::vector<RecordAnswer> records;
    std::uint64_t unchanged = 0;
  };
  [[nodiscard]] Result<std::optional<Posted>> post_until_answered(const Batch& batch,
                                                                  const std::string& key);
  [[nodiscard]] Result<Posted> post(const Batch& batch, const std::string& key);
  [[nodiscard]] std::uint64_t count_unchanged(const HttpAnswer& answer, const std::string& key,
                                              const std::vector<RecordAnswer>& records);
  [[nodiscard]] std::optional<HttpAnswer> get(const std::string& target);
  [[nodiscard]] std::vector<std::size_t> to_repeat(const std::vector<RecordAnswer>& records) const;

  ApiClient client_;
  BatchCall call_;
  std::chrono::seconds retry_for_;
  std::stop_token stop_;
};

}  // namespace muster::loader
