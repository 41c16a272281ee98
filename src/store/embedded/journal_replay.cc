#include "store/embedded/journal_replay.h"

#include <memory>
#include <string>
#include <utility>

#include "directory/audit_changes.h"
#include "directory/user_diff.h"
#include "directory/user_fields.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::DomainAuditRow;
using directory::FieldId;
using directory::User;
using directory::UserId;

std::string place(const JournalRow& row) { return "journal row " + std::to_string(row.sequence); }

std::unexpected<Error> damaged(const JournalRow& row, const std::string& why) {
  return fail(ErrorType::kUnexpectedError, "The data file is damaged: " + place(row) + ": " + why);
}

// The record's table of fields. A name this program does not know throws.
std::vector<FieldId> read_fields(Json record) {
  std::vector<FieldId> fields;
  for (const Json name : array_of(record, "fields")) {
    const directory::Field* field = directory::find_field(name.get_string().value());
    if (field == nullptr) throw simdjson::simdjson_error(simdjson::NO_SUCH_FIELD);
    fields.push_back(field->id);
  }
  return fields;
}

// Calls visit(field, before, after) for the rest of a user's row.
template <typename Visit>
void read_changes(JsonRow& row, const std::vector<FieldId>& fields, const Visit& visit) {
  while (!row.at_end()) {
    JsonRow change(row.element());
    const std::int64_t index = change.integer();
    if (!std::in_range<std::size_t>(index) || std::cmp_greater_equal(index, fields.size())) {
      throw simdjson::simdjson_error(simdjson::INDEX_OUT_OF_BOUNDS);
    }
    const std::string_view before = change.text();
    const std::string_view after = change.text();
    visit(fields[static_cast<std::size_t>(index)], before, after);
  }
}

// As read_changes(), of rows that carry what the trail shows: [field, old, new].
void read_shown_changes(JsonRow& row, directory::AuditChanges& changes) {
  while (!row.at_end()) {
    JsonRow change(row.element());
    std::string field(change.text());
    std::string before(change.text());
    changes.push_back({std::move(field), std::move(before), std::string(change.text())});
  }
}

struct Stamp {
  UserId by;
  Timestamp at{};
};

// Null when an old user is not there.
User* touched_user(RecoveredState& state, UserId id, bool is_new, const Stamp& stamp) {
  std::shared_ptr<User>& user = state.users[id];
  if (is_new) {
    user = std::make_shared<User>();
    user->id = id;
    user->created_by = stamp.by;
    user->created_date = stamp.at;
  }
  if (!user) return nullptr;
  user->modified_by = stamp.by;
  user->modified_date = stamp.at;
  state.dirty.users.insert(id);
  return user.get();
}

Result<void> apply_user(Json json, const std::vector<FieldId>& fields, const Stamp& stamp,
                        RecoveredState& state) {
  JsonRow row(json);
  const auto id = read_id<UserId>(row.integer());
  static_cast<void>(row.text());  // the user name of that time
  User* user = touched_user(state, id, row.integer() != 0, stamp);
  if (user == nullptr) {
    return fail(ErrorType::kUnexpectedError, "user " + to_string(id) + " is missing");
  }
  Result<void> done;
  read_changes(row, fields, [&](FieldId field, std::string_view, std::string_view after) {
    if (done) done = directory::set_field_text(*user, field, after, *state.domain);
  });
  return done;
}

// A user as the snapshot has it.
Result<void> apply_whole_user(Json json, RecoveredState& state) {
  JsonRow row(json);
  auto user = std::make_shared<User>();
  user->id = read_id<UserId>(row.integer());
  if (auto done = read_user(row.element(), *state.domain, *user); !done) return done;
  state.dirty.users.insert(user->id);
  state.users[user->id] = std::move(user);
  return {};
}

User& known_user(RecoveredState& state, UserId id) {
  const auto found = state.users.find(id);
  if (found == state.users.end()) throw simdjson::simdjson_error(simdjson::NO_SUCH_FIELD);
  state.dirty.users.insert(id);
  return *found->second;
}

void apply_stamps(Json json, RecoveredState& state) {
  JsonRow row(json);
  User& user = known_user(state, read_id<UserId>(row.integer()));
  user.created_date = timestamp(row.integer());
  user.created_by = read_id<UserId>(row.integer());
  user.modified_date = timestamp(row.integer());
  user.modified_by = read_id<UserId>(row.integer());
}

void apply_last_login(Json json, RecoveredState& state) {
  JsonRow row(json);
  User& user = known_user(state, read_id<UserId>(row.integer()));
  const Json at = row.element();
  user.last_login = at.is_null() ? std::nullopt : std::optional(timestamp(at.get_int64()));
}

// Calls apply(element) for each element of the optional array `name`.
template <typename Apply>
void for_each(Json object, std::string_view name, const Apply& apply) {
  Json array;
  if (object[name].get(array) == simdjson::NO_SUCH_FIELD) return;
  const simdjson::dom::array elements = array.get_array();
  for (const Json element : elements) apply(element);
}

}  // namespace

Result<void> JournalReplay::apply(const JournalRow& row, RecoveredState& state) {
  const bool has_secret = !row.secret.empty();
  const auto apply_record = [&](Json record) -> Result<void> {
    const Stamp stamp{read_id<UserId>(JsonRow(record["by"]).integer()), row.at};
    const std::vector<FieldId> fields = read_fields(record);
    for (const Json user : array_of(record, "users")) {
      if (Result<void> done = apply_user(user, fields, stamp, state); !done) {
        return damaged(row, done.error().message);
      }
    }
    return {};
  };
  const auto apply_both = [&](Json secret) -> Result<void> {
    Json domain;  // names of profiles are read with the domain of that time
    if (secret["domain"].get(domain) == simdjson::SUCCESS) {
      state.domain = std::make_shared<const directory::Domain>(read_domain(domain));
    }
    if (auto done = parse_json(record_parser_, row.record, place(row), apply_record); !done) {
      return done;
    }
    return apply_secret(secret, state);
  };
  state.dirty.sequence = row.sequence;
  state.journal_bytes += std::ssize(row.record) + std::ssize(row.secret);
  if (!has_secret) return parse_json(record_parser_, row.record, place(row), apply_record);
  return parse_json(secret_parser_, row.secret, place(row), apply_both);
}

Result<void> JournalReplay::apply_secret(Json secret, RecoveredState& state) {
  Result<void> copied;
  for_each(secret, "users", [&](Json user) {
    if (copied) copied = apply_whole_user(user, state);
  });
  if (!copied) return copied;
  for_each(secret, "stamps", [&](Json stamps) { apply_stamps(stamps, state); });
  for_each(secret, "last_login", [&](Json login) { apply_last_login(login, state); });
  for_each(secret, "sessions", [&](Json json) {
    const directory::Session session = read_session(json);
    state.sessions[session.id_hash] = session;
    state.dirty.sessions.insert(session.id_hash);
  });
  for_each(secret, "ended", [&](Json json) {
    const directory::Digest id_hash = read_digest(json.get_string());
    state.sessions.erase(id_hash);
    state.dirty.sessions.insert(id_hash);
  });
  for_each(secret, "credentials", [&](Json json) {
    auto [id, credential] = read_credential(json);
    state.credentials[id] = std::make_shared<const directory::Credential>(std::move(credential));
    state.dirty.credentials.insert(id);
  });
  Json next_id;
  if (secret["next_user_id"].get(next_id) == simdjson::SUCCESS) {
    state.next_user_id = std::max(state.next_user_id, read_id<UserId>(next_id.get_int64()));
  }
  return {};
}

Result<std::vector<DomainAuditRow>> JournalReplay::audit_rows(const JournalRow& row) {
  std::vector<DomainAuditRow> rows;
  const auto read = [&](Json record) -> Result<void> {
    const std::vector<FieldId> fields = read_fields(record);
    JsonRow by(record["by"]);
    static_cast<void>(by.integer());
    DomainAuditRow header;
    header.timestamp = row.at;
    header.user_name = by.text();
    header.full_name = by.text();
    header.on_behalf_of = by.text();
    header.action = record["action"].get_string().value();
    header.execution_id = record["execution"].get_string().value();
    for (const Json user : array_of(record, "users")) {
      JsonRow values(user);
      DomainAuditRow& audit = rows.emplace_back(header);
      audit.id = row.domain_first + std::ssize(rows) - 1;
      audit.item_id = read_id<UserId>(values.integer());
      audit.item = values.text();
      audit.is_new = values.integer() != 0;
      read_changes(values, fields,
                   [&](FieldId field, std::string_view before, std::string_view after) {
                     directory::append_audit_changes(audit.changes, field, before, after);
                   });
    }
    for_each(record, "groups", [&](Json group) {
      JsonRow values(group);
      DomainAuditRow& audit = rows.emplace_back(header);
      audit.id = row.domain_first + std::ssize(rows) - 1;
      audit.item = values.text();
      read_shown_changes(values, audit.changes);
    });
    for_each(record, "rows", [&](Json copied) {
      JsonRow values(copied);
      DomainAuditRow& audit = rows.emplace_back(header);
      audit.id = row.domain_first + std::ssize(rows) - 1;
      audit.item_id = read_id<UserId>(values.integer());
      audit.item = values.text();
      audit.is_new = values.integer() != 0;
      read_shown_changes(values, audit.changes);
    });
    return {};
  };
  if (auto done = parse_json(record_parser_, row.record, place(row), read); !done) {
    return std::unexpected(done.error());
  }
  return rows;
}

}  // namespace muster::store
