#include "vault_api/record_results.h"

#include <string>
#include <string_view>

#include "codec/csv_writer.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

std::string_view status_of(const directory::RecordOutcome& record) {
  return wire_name(record.succeeded() ? ResponseStatus::kSuccess : ResponseStatus::kFailure);
}

void write_record(codec::JsonWriter& json, const directory::RecordOutcome& record) {
  json.begin_object();
  json.member("responseStatus", status_of(record));
  if (!record.id.empty()) json.member("id", record.id);
  if (!record.succeeded()) {
    json.key("errors");
    json.begin_array();
    for (const Error& error : record.errors) write_error(json, error);
    json.end_array();
  }
  json.end_object();
}

Answer json_results(const directory::BatchOutcome& outcome) {
  codec::JsonWriter json = begin_success();
  json.key("data");
  json.begin_array();
  for (const auto& record : outcome.records) write_record(json, record);
  json.end_array();
  return end_success(json);
}

Answer csv_results(const directory::BatchOutcome& outcome) {
  codec::CsvWriter csv;
  for (const std::string_view column : {"responseStatus", "id", "errors"}) csv.cell(column);
  csv.end_record();
  for (const auto& record : outcome.records) {
    csv.cell(status_of(record));
    csv.flat_cell(record.id);
    csv.flat_cell(errors_cell(record));
    csv.end_record();
  }
  return {.body = csv.take(), .format = codec::AnswerFormat::kCsv};
}

}  // namespace

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
