#include "loader/batch_sender.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "loader/limits.h"
#include "loader/patience.h"

namespace muster::loader {
namespace {

constexpr std::string_view kUsersPath = "/objects/users";
constexpr std::string_view kBatchesPath = "/muster/v1/batches";
constexpr int kTriesOfAFigure = 3;

}  // namespace

std::string_view BatchCall::method() const {
  return operation == Operation::kUpdate ? "PUT" : "POST";
}

std::string BatchCall::target() const {
  std::string target = fmt::format("{}{}", kApiPath, kUsersPath);
  char separator = '?';
  const auto add = [&](std::string_view parameter) {
    target += separator;
    target += parameter;
    separator = '&';
  };
  if (operation == Operation::kUpsert) add("operation=upsert&idParam=" + id_param);
  if (dry_run) add("dry_run=true");
  if (atomic) add("atomic=true");
  if (formula_safe) add("formula_safe=true");
  return target;
}

BatchSender::BatchSender(ApiClient client, BatchCall call, std::chrono::seconds retry_for,
                         std::stop_token stop)
    : client_(std::move(client)),
      call_(std::move(call)),
      retry_for_(retry_for),
      stop_(std::move(stop)) {}

// Records that lost a race are sent again as a batch of their own. Its key is as certain as the
// first one's: the server gives the same results for the same key.
Result<std::optional<BatchOutcome>> BatchSender::send(const Batch& batch) {
  const std::string key = fmt::format("{}-{}", call_.load_id, batch.number());
  auto posted = post_until_answered(batch, key);
  if (!posted) return std::unexpected(posted.error());
  if (!*posted) return std::nullopt;
  BatchOutcome outcome{std::move((*posted)->records), (*posted)->unchanged};
  for (int round = 1; round <= limits::kRaceRoundsMax; ++round) {
    const std::vector<std::size_t> rows = to_repeat(outcome.records);
    if (rows.empty()) break;
    posted = post_until_answered(batch.only(rows), fmt::format("{}-r{}", key, round));
    if (!posted) return std::unexpected(posted.error());
    if (!*posted) return std::nullopt;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      outcome.records[rows[i]] = std::move((*posted)->records[i]);
    }
    outcome.unchanged += (*posted)->unchanged;
  }
  return outcome;
}

// Rows whose failure may pass; all of them when the batch stands or falls as a whole.
std::vector<std::size_t> BatchSender::to_repeat(const std::vector<RecordAnswer>& records) const {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (has_error_that_may_pass(records[i].errors)) rows.push_back(i);
  }
  if (call_.atomic && !rows.empty()) {
    rows.resize(records.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
  }
  return rows;
}

Result<std::optional<BatchSender::Posted>> BatchSender::post_until_answered(
    const Batch& batch, const std::string& key) {
  return persist(Patience(retry_for_, stop_), [&] { return post(batch, key); });
}

Result<BatchSender::Posted> BatchSender::post(const Batch& batch, const std::string& key) {
  const auto answer = client_.call({.method = std::string(call_.method()),
                                    .target = call_.target(),
                                    .headers = {{"Content-Type", "text/csv"},
                                                {"Accept", "application/json"},
                                                {"Idempotency-Key", key},
                                                {"X-VaultAPI-ReferenceId", key}},
                                    .body = batch.body()});
  if (!answer) return std::unexpected(answer.error());
  auto parsed = parse_batch_answer(answer->body);
  if (!parsed) return std::unexpected(parsed.error());
  if (!parsed->records) {
    return fail(has_error_that_may_pass(parsed->errors) ? ErrorType::kUnexpectedError
                                                        : ErrorType::kInvalidData,
                whole_failure(*parsed));
  }
  if (call_.dry_run && !parsed->dry_run) {
    return fail(ErrorType::kInvalidData, "The server did not take this for a dry run.");
  }
  if (parsed->records->size() != batch.size()) {
    return fail(ErrorType::kInvalidData,
                fmt::format("The server answers {} results for {} records.",
                            parsed->records->size(), batch.size()));
  }
  const std::uint64_t unchanged = count_unchanged(*answer, key, *parsed->records);
  return Posted{std::move(*parsed->records), unchanged};
}

// A result does not tell whether a record was changed; the batch as a whole does (protocol 7.4). A
// repeated answer comes under another execution id, so its batch is found by the reference. Without
// an answer no record counts as unchanged.
std::uint64_t BatchSender::count_unchanged(const HttpAnswer& answer, const std::string& key,
                                           const std::vector<RecordAnswer>& records) {
  const auto succeeded =
      std::ranges::count_if(records, [](const RecordAnswer& record) { return record.succeeded; });
  if (succeeded == 0) return 0;
  if (call_.dry_run) {
    return static_cast<std::uint64_t>(std::ranges::count_if(
        records, [](const RecordAnswer& one) { return one.succeeded && one.changes.empty(); }));
  }
  std::optional<std::uint64_t> unchanged;
  if (answer.header("Idempotency-Replayed").empty()) {
    const auto batch =
        get(fmt::format("{}/{}", kBatchesPath, answer.header("X-VaultAPI-ExecutionId")));
    if (batch) unchanged = parse_unchanged(batch->body);
  } else {
    const auto batches = get(fmt::format("{}?limit=1000", kBatchesPath));
    if (batches) unchanged = parse_unchanged_of(batches->body, key);
  }
  return std::min(unchanged.value_or(0), static_cast<std::uint64_t>(succeeded));
}

std::optional<HttpAnswer> BatchSender::get(const std::string& target) {
  Patience patience(retry_for_, stop_);
  for (int tries = 0; tries < kTriesOfAFigure; ++tries) {
    auto answer = client_.call({.method = "GET", .target = target});
    if (answer) return std::move(*answer);
    const auto again = patience.wait(answer.error());
    if (!again || !*again) break;
  }
  return std::nullopt;
}

}  // namespace muster::loader
