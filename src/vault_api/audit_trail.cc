#include "vault_api/audit_trail.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "directory/field_names.h"
#include "vault_api/audit_cells.h"
#include "vault_api/audit_fields.h"
#include "vault_api/audit_files.h"
#include "vault_api/audit_query.h"
#include "vault_api/envelope.h"
#include "vault_api/object_records.h"

namespace muster::vault_api {
namespace {

using directory::DomainAuditRow;
using directory::LoginAuditRow;

// What the field of a user is called in its object record; one that has no name there keeps its
// own.
std::string name_in_records(const std::string& name) {
  const directory::Field* field = directory::kUserNames.find(name);
  return field == nullptr ? name : std::string(directory::kObjectNames.field(field->id).name);
}

template <typename Row>
Answer json_page(const RequestContext& context, const Trail& trail,
                 const directory::AuditQuery& query, const directory::AuditPage<Row>& page) {
  codec::JsonWriter json = begin_success();
  write_details(json, context, trail, {query, page.rows.size(), page.total});
  json.key("data");
  json.begin_array();
  for (const Row& row : page.rows) {
    const std::vector<std::string> cells = cells_of(row);
    MUSTER_ASSERT(cells.size() == trail.fields.size());
    json.begin_object();
    for (std::size_t i = 0; i < cells.size(); ++i) json.member(trail.fields[i].name, cells[i]);
    json.end_object();
  }
  json.end_array();
  return end_success(json);
}

// The same page as rows below a header line; how many there are in all is not told.
template <typename Row>
Answer csv_page(const Trail& trail, const directory::AuditPage<Row>& page) {
  return {.body = csv_header(trail) + csv_rows(page.rows), .format = codec::AnswerFormat::kCsv};
}

template <typename Row>
Answer write_page(const RequestContext& context, const Trail& trail,
                  const directory::AuditQuery& query, const directory::AuditPage<Row>& page) {
  return context.answer_format == codec::AnswerFormat::kCsv
             ? csv_page(trail, page)
             : json_page(context, trail, query, page);
}

template <typename Row>
using ReadTrail =
    Result<directory::AuditPage<Row>> (directory::Reader::*)(const directory::AuditQuery&);

template <typename Row>
Result<directory::AuditPage<Row>> read_rows(const RequestContext& context,
                                            const directory::AuditQuery& query,
                                            ReadTrail<Row> read) {
  directory::AuditPage<Row> page;
  auto done = context.state.dependencies.store.read([&](directory::Reader& reader) -> Result<void> {
    auto rows = (reader.*read)(query);
    if (!rows) return std::unexpected(rows.error());
    page = std::move(*rows);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return page;
}

template <typename Row>
Result<Answer> read_trail(const RequestContext& context, const Trail& trail, ReadTrail<Row> read) {
  if (wants_file(context)) return start_audit_file(context, trail);
  const auto query = read_audit_query(context);
  if (!query) return std::unexpected(query.error());
  const auto page = read_rows(context, *query, read);
  if (!page) return std::unexpected(page.error());
  return write_page(context, trail, *query, *page);
}

Result<void> check_reads_objects(const directory::Caller& caller) {
  if (caller.administers(caller.vault_id)) return {};
  return fail(ErrorType::kInsufficientAccess,
              "Reading this audit trail takes a System Admin or Vault Owner.");
}

// A trail nobody writes to.
Result<Answer> empty_trail(const RequestContext& context, const Trail& trail) {
  if (auto may = check_reads_objects(context.caller()); !may) return std::unexpected(may.error());
  if (wants_file(context)) return start_audit_file(context, trail);
  const auto query = read_audit_query(context);
  if (!query) return std::unexpected(query.error());
  return write_page(context, trail, *query, directory::AuditPage<LoginAuditRow>());
}

}  // namespace

Result<Answer> domain_audit_trail(const RequestContext& context) {
  if (!context.caller().is_domain_admin()) {
    return fail(ErrorType::kInsufficientAccess,
                "Reading the domain audit trail takes a Domain Admin.");
  }
  return read_trail<DomainAuditRow>(context, kDomainTrail, &directory::Reader::domain_audit);
}

Result<Answer> object_audit_trail(const RequestContext& context) {
  return empty_trail(context, kObjectTrail);
}

Result<Answer> record_audit_trail(const RequestContext& context) {
  if (auto may = check_reads_objects(context.caller()); !may) return std::unexpected(may.error());
  const auto record = find_record(context);
  if (!record) return std::unexpected(record.error());
  if (wants_file(context)) {
    return fail(ErrorType::kInvalidData,
                "Parameter [format_result] is not supported by this call; send Accept: text/csv.");
  }
  auto query = read_audit_query(context);
  if (!query) return std::unexpected(query.error());
  query->item = (*record)->id;
  auto page = read_rows<DomainAuditRow>(context, *query, &directory::Reader::domain_audit);
  if (!page) return std::unexpected(page.error());
  for (DomainAuditRow& row : page->rows) {
    for (auto& change : row.changes) change.field = name_in_records(change.field);
  }
  return write_page(context, kRecordTrail, *query, *page);
}

Result<Answer> system_audit_trail(const RequestContext& context) {
  return empty_trail(context, kSystemTrail);
}

Result<Answer> login_audit_trail(const RequestContext& context) {
  const directory::Caller& caller = context.caller();
  if (!caller.administers(caller.vault_id)) {
    return fail(ErrorType::kInsufficientAccess,
                "Reading the login audit trail takes a System Admin or Vault Owner.");
  }
  const auto turn = context.state.login_audit_readers.enter(caller.user->id);
  if (!turn) {
    return fail(ErrorType::kOperationInProgress,
                "Another request of this user is reading the login audit trail.");
  }
  return read_trail<LoginAuditRow>(context, kLoginTrail, &directory::Reader::login_audit);
}

}  // namespace muster::vault_api
