#include "vault_api/object_results.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "codec/csv_writer.h"
#include "vault_api/envelope.h"
#include "vault_api/record_changes.h"
#include "vault_api/record_results.h"

namespace muster::vault_api {
namespace {

using directory::BatchOperation;
using directory::RecordOutcome;

constexpr std::string_view kNoChanges = "NO_DATA_CHANGES";
constexpr std::string_view kRecordUnchanged = "Record had no changes.";

ResponseStatus status_of(const RecordOutcome& record) {
  if (!record.succeeded()) return ResponseStatus::kFailure;
  return record.changed ? ResponseStatus::kSuccess : ResponseStatus::kWarning;
}

// The value by which an upsert looked for the record, as it was sent.
std::string_view key_of(const directory::RecordPlan& record, directory::FieldId key) {
  if (key == directory::FieldId::kId) return record.id_text;
  for (const auto& [field, text] : record.patch.texts) {
    if (field == key) return text;
  }
  return {};
}

void write_data(codec::JsonWriter& json, const ObjectBatch& batch, std::size_t index) {
  const RecordOutcome& record = batch.outcome.records[index];
  json.key("data");
  json.begin_object();
  if (!record.id.empty()) {  // of what a dry run would create there is none
    json.member("id", record.id);
    json.member("url", batch.records_url + record.id);
  }
  if (batch.plan.rules.creates()) {
    json.member("event", record.created ? "created__sys" : "updated__sys");
  }
  json.end_object();
  if (!record.changes.empty()) {
    json.key("changes");
    write_changes(json, record.changes);
  }
  if (batch.plan.rules.operation == BatchOperation::kUpsert) {
    json.member("id_param_value", key_of(batch.plan.records[index], batch.plan.rules.key));
  }
}

void write_record(codec::JsonWriter& json, const ObjectBatch& batch, std::size_t index) {
  const RecordOutcome& record = batch.outcome.records[index];
  const ResponseStatus status = status_of(record);
  json.begin_object();
  json.member("responseStatus", wire_name(status));
  if (status == ResponseStatus::kWarning) write_warnings(json, kNoChanges, kRecordUnchanged);
  if (record.succeeded()) {
    write_data(json, batch, index);
  } else {
    json.key("errors");
    json.begin_array();
    for (const Error& error : record.errors) write_error(json, error);
    json.end_array();
  }
  json.end_object();
}

Answer json_results(const ObjectBatch& batch, ResponseStatus status) {
  codec::JsonWriter json = begin_outcome(batch.outcome, status);
  if (status == ResponseStatus::kWarning) {
    write_warnings(json, kNoChanges, "One or more records had no changes.");
  }
  json.key("data");
  json.begin_array();
  for (std::size_t i = 0; i < batch.outcome.records.size(); ++i) write_record(json, batch, i);
  json.end_array();
  return end_answer(json, status);
}

std::string warning_cell() {
  return '"' + std::string(kNoChanges) + '|' + std::string(kRecordUnchanged) + '"';
}

Answer csv_results(const ObjectBatch& batch, ResponseStatus status) {
  codec::CsvWriter csv;
  for (const std::string_view column : {"responseStatus", "id", "errors"}) csv.cell(column);
  if (batch.outcome.dry_run) csv.cell("changes");
  csv.end_record();
  for (const RecordOutcome& record : batch.outcome.records) {
    csv.cell(wire_name(status_of(record)));
    csv.flat_cell(record.id);
    csv.flat_cell(status_of(record) == ResponseStatus::kWarning ? warning_cell()
                                                                : errors_cell(record));
    if (batch.outcome.dry_run) csv.cell(changes_cell(record.changes));
    csv.end_record();
  }
  return {.status = status, .body = csv.take(), .format = codec::AnswerFormat::kCsv};
}

}  // namespace

Answer object_results(const ObjectBatch& batch, codec::AnswerFormat format) {
  const bool warned = std::ranges::find(batch.outcome.records, ResponseStatus::kWarning,
                                        status_of) != batch.outcome.records.end();
  const auto status =
      call_status(batch.outcome, warned ? ResponseStatus::kWarning : ResponseStatus::kSuccess);
  return format == codec::AnswerFormat::kCsv ? csv_results(batch, status)
                                             : json_results(batch, status);
}

}  // namespace muster::vault_api
