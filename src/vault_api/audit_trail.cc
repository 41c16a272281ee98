#include "vault_api/audit_trail.h"

#include <string>
#include <string_view>

#include "base/time.h"
#include "vault_api/audit_query.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

using directory::DomainAuditRow;
using directory::LoginAuditRow;

using TextOfChange = std::string DomainAuditRow::Change::*;

// The value of the only change, or a JSON object of all of them by field.
std::string combined(const DomainAuditRow& row, TextOfChange text) {
  if (row.changes.size() == 1) return row.changes.front().*text;
  codec::JsonWriter json;
  json.begin_object();
  for (const auto& change : row.changes) json.member(change.field, change.*text);
  json.end_object();
  return json.take();
}

std::string field_names(const DomainAuditRow& row) {
  std::string names;
  for (const auto& change : row.changes) {
    if (!names.empty()) names += ',';
    names += change.field;
  }
  return names;
}

void write_row(codec::JsonWriter& json, const DomainAuditRow& row) {
  json.begin_object();
  json.member("id", std::to_string(row.id));
  json.member("timestamp", format_audit_time(row.timestamp));
  json.member("user_name", row.user_name);
  json.member("full_name", row.full_name);
  json.member("on_behalf_of", row.on_behalf_of);
  json.member("action", row.action);
  json.member("item", row.item);
  json.member("field_name", field_names(row));
  json.member("old_value", combined(row, &DomainAuditRow::Change::old_value));
  json.member("new_value", combined(row, &DomainAuditRow::Change::new_value));
  json.member("execution_id", row.execution_id);
  json.end_object();
}

void write_row(codec::JsonWriter& json, const LoginAuditRow& row) {
  json.begin_object();
  json.member("id", std::to_string(row.id));
  json.member("timestamp", format_audit_time(row.timestamp));
  json.member("user_name", row.user_name);
  json.member("full_name", row.full_name);
  json.member("source_ip", row.source_ip);
  json.member("type", row.type);
  json.member("status", row.status);
  json.member("browser", row.browser);
  json.member("platform", row.platform);
  json.end_object();
}

template <typename Row>
using ReadTrail =
    Result<directory::AuditPage<Row>> (directory::Reader::*)(const directory::AuditQuery&);

template <typename Row>
Result<Answer> read_trail(const RequestContext& context, const Trail& trail, ReadTrail<Row> read) {
  const auto query = read_audit_query(context);
  if (!query) return std::unexpected(query.error());
  directory::AuditPage<Row> page;
  auto done = context.state.dependencies.store.read([&](directory::Reader& reader) -> Result<void> {
    auto rows = (reader.*read)(*query);
    if (!rows) return std::unexpected(rows.error());
    page = std::move(*rows);
    return {};
  });
  if (!done) return std::unexpected(done.error());

  codec::JsonWriter json = begin_success();
  write_details(json, context, trail, {*query, page.rows.size(), page.total});
  json.key("data");
  json.begin_array();
  for (const Row& row : page.rows) write_row(json, row);
  json.end_array();
  return end_success(json);
}

}  // namespace

Result<Answer> domain_audit_trail(const RequestContext& context) {
  if (!context.caller().is_domain_admin()) {
    return fail(ErrorType::kInsufficientAccess,
                "Reading the domain audit trail takes a Domain Admin.");
  }
  return read_trail<DomainAuditRow>(context, kDomainTrail, &directory::Reader::domain_audit);
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
