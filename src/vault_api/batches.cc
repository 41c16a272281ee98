#include "vault_api/batches.h"

#include "base/time.h"
#include "vault_api/envelope.h"
#include "vault_api/paging.h"
#include "vault_api/record_results.h"
#include "vault_api/written_call.h"

namespace muster::vault_api {
namespace {

void write_batch(codec::JsonWriter& json, const directory::Batch& batch) {
  json.begin_object();
  json.member("id", batch.id);
  json.member("user_id", batch.user_id.value);
  json.member("vault_id", batch.vault_id.value);
  json.member("operation", batch.operation);
  json.member("started", format_date_time(batch.started));
  json.member("finished", format_date_time(batch.finished));
  json.member("records", batch.records);
  json.member("succeeded", batch.succeeded);
  json.member("failed", batch.failed);
  json.member("unchanged", batch.unchanged);
  json.member("client_id", batch.client_id);
  json.member("reference_id", batch.reference_id);
  json.member("undone_by", batch.undone_by);
  json.end_object();
}

}  // namespace

Result<Answer> list_batches(const RequestContext& context) {
  const auto wanted = read_page(context, "start", PageTooLong::kShorten);
  if (!wanted) return std::unexpected(wanted.error());
  const auto page = context.state.dependencies.users.list_batches(
      context.caller(), {.start = wanted->start, .limit = wanted->limit});
  if (!page) return std::unexpected(page.error());
  codec::JsonWriter json = begin_success();
  json.member("size", page->batches.size());
  json.member("start", wanted->start);
  json.member("limit", wanted->limit);
  json.member("total", page->total);
  json.key("batches");
  json.begin_array();
  for (const directory::Batch& batch : page->batches) write_batch(json, batch);
  json.end_array();
  return end_success(json);
}

Result<Answer> retrieve_batch(const RequestContext& context) {
  const auto batch =
      context.state.dependencies.users.retrieve_batch(context.caller(), context.path.at("id"));
  if (!batch) return std::unexpected(batch.error());
  codec::JsonWriter json = begin_success();
  json.key("batch");
  write_batch(json, *batch);
  return end_success(json);
}

Result<Answer> undo_batch(const RequestContext& context) {
  const Writer undo = [&](const directory::BatchOptions& options) {
    return context.state.dependencies.users.undo_batch(context.caller(), context.path.at("id"),
                                                       options);
  };
  return write_call(context, CallKind::kBulk, undo, [&](const auto& outcome) {
    return record_results(outcome, context.answer_format);
  });
}

}  // namespace muster::vault_api
