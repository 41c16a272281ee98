#include "vault_api/record_results.h"

#include <string>
#include <string_view>

#include "codec/csv_writer.h"
#include "vault_api/envelope.h"
#include "vault_api/record_changes.h"

namespace muster::vault_api {
namespace {

std::string_view status_of(const directory::RecordOutcome& record) {
  return wire_name(record.succeeded() ? ResponseStatus::kSuccess : ResponseStatus::kFailure);
}

void write_record(codec::JsonWriter& json, const directory::RecordOutcome& record) {
  json.begin_object();
  json.member("responseStatus", status_of(record));
  if (!record.id.empty()) json.member("id", record.id);
  if (!record.changes.empty()) {
    json.key("changes");
    write_changes(json, record.changes);
  }
  if (!record.succeeded()) {
    json.key("errors");
    json.begin_array();
    for (const Error& error : record.errors) write_error(json, error);
    json.end_array();
  }
  json.end_object();
}

Answer json_results(const directory::BatchOutcome& outcome) {
  codec::JsonWriter json = begin_outcome(outcome);
  json.key("data");
  json.begin_array();
  for (const auto& record : outcome.records) write_record(json, record);
  json.end_array();
  return end_answer(json, call_status(outcome));
}

Answer csv_results(const directory::BatchOutcome& outcome) {
  codec::CsvWriter csv;
  for (const std::string_view column : {"responseStatus", "id", "errors"}) csv.cell(column);
  if (outcome.dry_run) csv.cell("changes");
  csv.end_record();
  for (const auto& record : outcome.records) {
    csv.cell(status_of(record));
    csv.flat_cell(record.id);
    csv.flat_cell(errors_cell(record));
    if (outcome.dry_run) csv.cell(changes_cell(record.changes));
    csv.end_record();
  }
  return {.status = call_status(outcome), .body = csv.take(), .format = codec::AnswerFormat::kCsv};
}

}  // namespace

ResponseStatus call_status(const directory::BatchOutcome& outcome, ResponseStatus otherwise) {
  return outcome.refused ? ResponseStatus::kFailure : otherwise;
}

codec::JsonWriter begin_outcome(const directory::BatchOutcome& outcome, ResponseStatus otherwise) {
  codec::JsonWriter json = begin_answer(call_status(outcome, otherwise));
  if (outcome.dry_run) json.member("dryRun", true);
  if (outcome.refused) {
    const Error refusal{ErrorType::kOperationNotAllowed,
                        "A record of this atomic batch failed; nothing was applied."};
    json.member("responseMessage", refusal.message);
    json.key("errors");
    json.begin_array();
    write_error(json, refusal);
    json.end_array();
  }
  return json;
}

Answer one_result(const directory::BatchOutcome& outcome) {
  const directory::RecordOutcome& record = outcome.records.front();
  if (!record.succeeded()) return failure(record.errors);
  codec::JsonWriter json = begin_outcome(outcome);
  if (const auto id = directory::parse_id<directory::UserId>(record.id)) {
    json.member("id", id->value);
  }
  if (outcome.dry_run) {
    json.key("changes");
    write_changes(json, record.changes);
  }
  return end_success(json);
}

std::string errors_cell(const directory::RecordOutcome& record) {
  std::string cell;
  for (const Error& error : record.errors) {
    if (!cell.empty()) cell += ',';
    cell += '"';
    cell += wire_name(error.type);
    cell += '|';
    for (const char c : error.message) {
      if (c == '"') cell += '"';
      cell += c;
    }
    cell += '"';
  }
  return cell;
}

Answer record_results(const directory::BatchOutcome& outcome, codec::AnswerFormat format) {
  return format == codec::AnswerFormat::kCsv ? csv_results(outcome) : json_results(outcome);
}

}  // namespace muster::vault_api
