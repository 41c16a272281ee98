#include "store/embedded/journal_record.h"

#include <array>
#include <vector>

#include "base/json_escape.h"
#include "directory/user_diff.h"
#include "directory/user_fields.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::Actor;
using directory::FieldId;
using directory::User;
using directory::UserChange;

constexpr std::size_t kRecordBytesPerUser = 300;

// Field names occur once a record; changes carry their index.
class FieldTable {
 public:
  std::int64_t index(FieldId field) {
    std::uint8_t& place = places_.at(static_cast<std::size_t>(field));
    if (place == 0) {
      fields_.push_back(field);
      place = static_cast<std::uint8_t>(fields_.size());
    }
    return place - 1;
  }

  void append_to(std::string& out) const {
    out += ",\"fields\":[";
    Commas commas;
    for (const FieldId field : fields_) {
      commas.next(out);
      append_json_string(out, directory::field(field).name);
    }
    out += ']';
  }

 private:
  std::array<std::uint8_t, directory::kFieldCount> places_{};  // index + 1; 0: not yet there
  std::vector<FieldId> fields_;
};

void append_actor(std::string& out, const Actor& actor) {
  out += "\"by\":[";
  append_integer(out, actor.user_id.value);
  for (const std::string* text : {&actor.user_name, &actor.full_name, &actor.on_behalf_of}) {
    out += ',';
    append_json_string(out, *text);
  }
  out += "],\"action\":";
  append_json_string(out, actor.action);
  out += ",\"execution\":";
  append_json_string(out, actor.execution_id);
}

// False, and nothing appended, when the trail has nothing to say about this user.
bool append_user(std::string& out, const UserChange& change, const directory::Domain& domain,
                 FieldTable& fields) {
  const std::size_t start = out.size();
  out += '[';
  append_integer(out, change.after->id.value);
  out += ',';
  append_json_string(out, change.after->user_name());
  out += change.before ? ",0" : ",1";
  bool differs = false;
  directory::diff_users(change.before.get(), *change.after, domain,
                        [&](FieldId field, std::string_view before, std::string_view after) {
                          differs = true;
                          out += ",[";
                          append_integer(out, fields.index(field));
                          out += ',';
                          append_json_string(out, before);
                          out += ',';
                          append_json_string(out, after);
                          out += ']';
                        });
  out += ']';
  const bool has_row = !change.before || differs || change.leaves_row;
  if (!has_row) out.resize(start);
  return has_row;
}

void append_groups(std::string& out, const std::vector<directory::GroupDifference>& groups) {
  if (groups.empty()) return;
  out += ",\"groups\":[";
  Commas commas;
  for (const directory::GroupDifference& group : groups) {
    commas.next(out);
    out += '[';
    append_json_string(out, group.label);
    for (const auto& change : group.changes) {
      out += ",[";
      append_json_string(out, change.field);
      out += ',';
      append_json_string(out, change.old_value);
      out += ',';
      append_json_string(out, change.new_value);
      out += ']';
    }
    out += ']';
  }
  out += ']';
}

// Does replaying the record alone give the user these stamps?
bool needs_stamps(const UserChange& change, const Actor& actor, bool is_in_record) {
  const User& after = *change.after;
  const bool is_stamped = after.modified_date == actor.at && after.modified_by == actor.user_id;
  if (!change.before) {
    return !is_stamped || after.created_date != actor.at || after.created_by != actor.user_id;
  }
  const User& before = *change.before;
  if (after.created_date != before.created_date || after.created_by != before.created_by) {
    return true;
  }
  if (is_in_record) return !is_stamped;
  return after.modified_date != before.modified_date || after.modified_by != before.modified_by;
}

void append_stamps(std::string& out, const User& user) {
  out += '[';
  append_integer(out, user.id.value);
  for (const std::int64_t value :
       {milliseconds(user.created_date), std::int64_t{user.created_by.value},
        milliseconds(user.modified_date), std::int64_t{user.modified_by.value}}) {
    out += ',';
    append_integer(out, value);
  }
  out += ']';
}

bool needs_last_login(const UserChange& change) {
  if (!change.before) return change.after->last_login.has_value();
  return change.before->last_login != change.after->last_login;
}

void append_last_login(std::string& out, const User& user) {
  out += '[';
  append_integer(out, user.id.value);
  out += ',';
  append_time(out, user.last_login);
  out += ']';
}

// The members of the secret object: each is left out when it would be empty.
class SecretText {
 public:
  // Opens array `name` before its first element.
  std::string& element(std::string_view name) {
    if (name != open_) {
      close();
      member(name);
      text_ += '[';
      open_ = name;
    } else {
      text_ += ',';
    }
    return text_;
  }

  std::string& member(std::string_view name) {
    close();
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;
    text_ += "\":";
    return text_;
  }

  std::string take() {
    close();
    if (!text_.empty()) text_ += '}';
    return std::move(text_);
  }

 private:
  void close() {
    if (!open_.empty()) text_ += ']';
    open_ = {};
  }

  std::string text_;
  std::string_view open_;
};

void append_accounts(SecretText& secret, const Layer& layer) {
  for (const auto& [id_hash, session] : layer.sessions) {
    if (session.value) append_session(secret.element("sessions"), *session.value);
  }
  for (const auto& [id_hash, session] : layer.sessions) {
    if (!session.value) append_json_string(secret.element("ended"), digest_text(id_hash));
  }
  for (const auto& [id, credential] : layer.credentials) {
    append_credential(secret.element("credentials"), id, *credential.value);
  }
}

}  // namespace

JournalRecord encode_record(const Changes& changes, const directory::Domain& domain) {
  JournalRecord result;
  std::string& out = result.record;
  out.reserve(256 + changes.users.size() * kRecordBytesPerUser);
  FieldTable fields;
  std::vector<const UserChange*> stamps;
  out += '{';
  append_actor(out, changes.actor);
  out += ",\"users\":[";
  for (const UserChange& change : changes.users) {
    const std::size_t start = out.size();
    if (result.domain_rows > 0) out += ',';
    const bool is_in_record = append_user(out, change, domain, fields);
    if (is_in_record) {
      ++result.domain_rows;
    } else {
      out.resize(start);
    }
    if (needs_stamps(change, changes.actor, is_in_record)) stamps.push_back(&change);
  }
  out += ']';
  fields.append_to(out);
  append_groups(out, changes.groups);
  result.domain_rows += std::ssize(changes.groups);
  out += '}';

  SecretText secret;
  if (changes.domain) append_domain(secret.member("domain"), *changes.domain);
  for (const UserChange* change : stamps) append_stamps(secret.element("stamps"), *change->after);
  for (const UserChange& change : changes.users) {
    if (needs_last_login(change)) append_last_login(secret.element("last_login"), *change.after);
  }
  append_accounts(secret, changes.layer);
  if (changes.next_user_id) {
    append_integer(secret.member("next_user_id"), changes.next_user_id->value);
  }
  result.secret = secret.take();
  return result;
}

}  // namespace muster::store
