#include "store/postgres/rows.h"

#include <memory>
#include <string>
#include <utility>

#include "base/json_escape.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::UserPtr;

directory::UserId user_id(const Rows& rows, int row, int column) {
  return directory::UserId{static_cast<std::int32_t>(rows.integer(row, column))};
}

std::string text(const Rows& rows, int row, int column) {
  return std::string(rows.text(row, column));
}

// One value out of one JSON text.
template <typename Value, typename Read>
Result<Value> value_of(std::string_view json, std::string_view what, const Read& read) {
  simdjson::dom::parser parser;
  Value value{};
  Result<void> done = parse_json(parser, json, what, [&](Json element) -> Result<void> {
    value = read(element);
    return {};
  });
  if (!done) return std::unexpected(std::move(done.error()));
  return value;
}

}  // namespace

Result<UserPtr> UserRows::user(const Rows& rows, int row, const directory::Domain& domain) {
  auto user = std::make_shared<directory::User>();
  user->id = user_id(rows, row, 0);
  Result<void> done =
      parse_json(parser_, rows.text(row, 1), "user " + to_string(user->id),
                 [&](Json json) -> Result<void> { return read_user(json, domain, *user); });
  if (!done) return fail(ErrorType::kUnexpectedError, std::move(done.error().message));
  return user;
}

Result<std::vector<UserPtr>> UserRows::users(const Rows& rows, const directory::Domain& domain) {
  std::vector<UserPtr> users;
  users.reserve(static_cast<std::size_t>(rows.count()));
  for (int row = 0; row < rows.count(); ++row) {
    Result<UserPtr> one = user(rows, row, domain);
    if (!one) return std::unexpected(std::move(one.error()));
    users.push_back(std::move(*one));
  }
  return users;
}

Result<directory::Domain> domain_of(std::string_view settings) {
  if (settings.empty()) return directory::Domain{};
  return value_of<directory::Domain>(settings, "domain", read_domain);
}

Result<directory::Session> session_of(const Rows& rows, int row) {
  const Result<directory::Digest> id_hash = digest_of(rows.text(row, 0));
  if (!id_hash) return std::unexpected(id_hash.error());
  return directory::Session{
      .id_hash = *id_hash,
      .user_id = user_id(rows, row, 1),
      .vault_id = directory::VaultId{static_cast<std::int32_t>(rows.integer(row, 2))},
      .delegate_user_id = user_id(rows, row, 3),
      .created = timestamp(rows.integer(row, 4)),
      .last_activity = timestamp(rows.integer(row, 5))};
}

Result<directory::Credential> credential_of(std::string_view data) {
  return value_of<directory::Credential>(data, "credential",
                                         [](Json json) { return read_credential(json).second; });
}

directory::Batch batch_of(const Rows& rows, int row) {
  return {.id = text(rows, row, 0),
          .user_id = user_id(rows, row, 1),
          .vault_id = directory::VaultId{static_cast<std::int32_t>(rows.integer(row, 2))},
          .operation = text(rows, row, 3),
          .started = timestamp(rows.integer(row, 4)),
          .finished = timestamp(rows.integer(row, 5)),
          .records = rows.integer(row, 6),
          .succeeded = rows.integer(row, 7),
          .failed = rows.integer(row, 8),
          .unchanged = rows.integer(row, 9),
          .client_id = text(rows, row, 10),
          .reference_id = text(rows, row, 11),
          .undone_by = text(rows, row, 12)};
}

Result<directory::DomainAuditRow> audit_row_of(const Rows& rows, int row) {
  using Changes = std::vector<directory::DomainAuditRow::Change>;
  Result<Changes> changes = value_of<Changes>(rows.text(row, 10), "audit row", [](Json json) {
    Changes read;
    const simdjson::dom::array list = json.get_array();
    for (const Json change : list) {
      JsonRow parts(change);
      std::string field(parts.text());
      std::string old_value(parts.text());
      read.push_back({std::move(field), std::move(old_value), std::string(parts.text())});
    }
    return read;
  });
  if (!changes) return std::unexpected(std::move(changes.error()));
  return directory::DomainAuditRow{.id = rows.integer(row, 0),
                                   .timestamp = timestamp(rows.integer(row, 1)),
                                   .user_name = text(rows, row, 2),
                                   .full_name = text(rows, row, 3),
                                   .on_behalf_of = text(rows, row, 4),
                                   .action = text(rows, row, 5),
                                   .item = text(rows, row, 7),
                                   .item_id = user_id(rows, row, 8),
                                   .is_new = rows.flag(row, 9),
                                   .changes = std::move(*changes),
                                   .execution_id = text(rows, row, 6)};
}

directory::LoginAuditRow login_row_of(const Rows& rows, int row) {
  return {.id = rows.integer(row, 0),
          .timestamp = timestamp(rows.integer(row, 1)),
          .user_id = user_id(rows, row, 2),
          .user_name = text(rows, row, 3),
          .full_name = text(rows, row, 4),
          .source_ip = text(rows, row, 5),
          .type = text(rows, row, 6),
          .status = text(rows, row, 7),
          .browser = text(rows, row, 8),
          .platform = text(rows, row, 9)};
}

Result<directory::Digest> digest_of(std::string_view hex) {
  try {
    return read_digest(hex);
  } catch (const simdjson::simdjson_error&) {
    return fail(ErrorType::kUnexpectedError, "The database is damaged: a digest.");
  }
}

std::string changes_text(const std::vector<directory::DomainAuditRow::Change>& changes) {
  std::string out = "[";
  Commas commas;
  for (const directory::DomainAuditRow::Change& change : changes) {
    commas.next(out);
    out += '[';
    append_json_string(out, change.field);
    for (const std::string* value : {&change.old_value, &change.new_value}) {
      out += ',';
      append_json_string(out, *value);
    }
    out += ']';
  }
  out += ']';
  return out;
}

}  // namespace muster::store
