#include "store/embedded/copied_record.h"

#include <string>

#include "base/json_escape.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_text.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::DomainAuditRow;

// The beginning of every record; whose id it was is not known.
std::string begin_record(const DomainAuditRow& by) {
  std::string out = "{\"by\":[0";
  for (const std::string* text : {&by.user_name, &by.full_name, &by.on_behalf_of}) {
    out += ',';
    append_json_string(out, *text);
  }
  out += "],\"action\":";
  append_json_string(out, by.action);
  out += ",\"execution\":";
  append_json_string(out, by.execution_id);
  return out + ",\"users\":[],\"fields\":[]";
}

void append_trail_row(std::string& out, const DomainAuditRow& row) {
  out += '[';
  append_integer(out, row.item_id.value);
  out += ',';
  append_json_string(out, row.item);
  out += row.is_new ? ",1" : ",0";
  for (const DomainAuditRow::Change& change : row.changes) {
    out += ",[";
    append_json_string(out, change.field);
    for (const std::string* value : {&change.old_value, &change.new_value}) {
      out += ',';
      append_json_string(out, *value);
    }
    out += ']';
  }
  out += ']';
}

template <typename Rows, typename Append>
void append_array(std::string& out, const Rows& rows, const Append& append) {
  out += '[';
  Commas commas;
  for (const auto& row : rows) {
    commas.next(out);
    append(row);
  }
  out += ']';
}

JournalRecord with_secret(std::string secret) {
  JournalRecord record = encode_nothing();
  record.secret = std::move(secret);
  return record;
}

}  // namespace

bool are_of_one_call(const DomainAuditRow& a, const DomainAuditRow& b) {
  return b.id == a.id + 1 && a.timestamp == b.timestamp && a.execution_id == b.execution_id &&
         a.user_name == b.user_name && a.full_name == b.full_name &&
         a.on_behalf_of == b.on_behalf_of && a.action == b.action;
}

bool follows(const JournalRow& row, std::int64_t next) {
  if (row.domain_first == next) return true;
  // Within a text the quotes are escaped: this can only be the member.
  return row.domain_first > next && row.record.contains(",\"rows\":[");
}

JournalRecord encode_trail(std::span<const DomainAuditRow> rows) {
  JournalRecord result{.record = begin_record(rows.front()), .secret = {}, .domain_rows = 0};
  result.domain_rows = std::ssize(rows);
  result.record += ",\"rows\":";
  append_array(result.record, rows,
               [&](const DomainAuditRow& row) { append_trail_row(result.record, row); });
  result.record += '}';
  return result;
}

JournalRecord encode_nothing() {
  static const DomainAuditRow kCopy = [] {
    DomainAuditRow row;
    row.user_name = row.full_name = "System";
    row.action = "Copy Directory";
    return row;
  }();
  return {.record = begin_record(kCopy) + "}", .secret = {}, .domain_rows = 0};
}

JournalRecord encode_head(const ArchiveHead& head) {
  std::string secret = "{\"domain\":";
  append_domain(secret, *head.domain);
  secret += ",\"next_user_id\":";
  append_integer(secret, head.next_user_id.value);
  return with_secret(std::move(secret) + "}");
}

JournalRecord encode_users(std::span<const directory::UserPtr> users,
                           const directory::Domain& domain) {
  std::string secret = "{\"users\":";
  append_array(secret, users, [&](const directory::UserPtr& user) {
    secret += '[';
    append_integer(secret, user->id.value);
    secret += ',';
    append_user(secret, *user, domain);
    secret += ']';
  });
  return with_secret(std::move(secret) + "}");
}

JournalRecord encode_credentials(std::span<const OwnedCredential> rows) {
  std::string secret = "{\"credentials\":";
  append_array(secret, rows, [&](const OwnedCredential& row) {
    append_credential(secret, row.id, row.credential);
  });
  return with_secret(std::move(secret) + "}");
}

JournalRecord encode_sessions(std::span<const directory::Session> sessions) {
  std::string secret = "{\"sessions\":";
  append_array(secret, sessions,
               [&](const directory::Session& session) { append_session(secret, session); });
  return with_secret(std::move(secret) + "}");
}

}  // namespace muster::store
