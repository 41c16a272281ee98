#include "store/embedded/user_row.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/assert.h"
#include "base/json_escape.h"
#include "directory/user_diff.h"
#include "directory/user_fields.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::Field;
using directory::FieldId;
using directory::User;

bool is_time(FieldId field) {
  return directory::field(field).kind == directory::FieldKind::kDateTime;
}

std::optional<Timestamp> time_of(const User& user, FieldId field) {
  if (field == FieldId::kLastLogin) return user.last_login;
  return field == FieldId::kCreatedDate ? user.created_date : user.modified_date;
}

void set_time(User& user, FieldId field, Json value) {
  if (field == FieldId::kLastLogin) {
    if (!value.is_null()) user.last_login = timestamp(value.get_int64());
    return;
  }
  (field == FieldId::kCreatedDate ? user.created_date : user.modified_date) =
      timestamp(value.get_int64());
}

}  // namespace

std::span<const FieldId> stored_fields() {
  static const std::vector<FieldId> fields = [] {
    constexpr std::array kNotStored{
        FieldId::kId,        FieldId::kActive,          FieldId::kVaultId,
        FieldId::kGroupId,   FieldId::kSecurityProfile, FieldId::kLicenseType,
        FieldId::kDomainName};
    std::vector<FieldId> stored;
    for (const Field& field : directory::all_fields()) {
      if (std::ranges::find(kNotStored, field.id) == kNotStored.end()) stored.push_back(field.id);
    }
    return stored;
  }();
  return fields;
}

void append_user(std::string& out, const User& user, const directory::Domain& domain) {
  Commas commas;
  out += '[';
  for (const FieldId field : stored_fields()) {
    commas.next(out);
    if (directory::is_text(field)) {
      append_json_string(out, user.text(field));
    } else if (is_time(field)) {
      append_time(out, time_of(user, field));
    } else {
      append_json_string(out, directory::field_text(user, field, domain));
    }
  }
  out += ']';
}

Result<void> read_user(Json row, const directory::Domain& domain, User& user) {
  User::Texts::Views texts;
  std::size_t text = 0;
  JsonRow values(row);
  for (const FieldId field : stored_fields()) {
    const Json value = values.element();
    if (directory::is_text(field)) {
      texts.at(text++) = value.get_string();
    } else if (is_time(field)) {
      set_time(user, field, value);
    } else if (const std::string_view stored = value.get_string(); !stored.empty()) {
      if (auto done = directory::set_field_text(user, field, stored, domain); !done) return done;
    }
  }
  user.set_texts(texts);
  return {};
}

std::string field_sql(FieldId field) {
  const auto place = std::ranges::find(stored_fields(), field) - stored_fields().begin();
  MUSTER_ASSERT(place < std::ssize(stored_fields()));
  const std::string value = "(user ->> " + std::to_string(place) + ")";
  if (!is_time(field)) return "nullif(" + value + ", '')";
  return "strftime('%Y-%m-%dT%H:%M:%S', " + value + " / 1000, 'unixepoch') || printf('.%03dZ', " +
         value + " % 1000)";
}

std::string user_columns_sql() {
  std::string columns;
  for (const FieldId field : stored_fields()) {
    if (!columns.empty()) columns += ", ";
    columns += field_sql(field) + " AS " + std::string(directory::field(field).name);
  }
  return columns;
}

}  // namespace muster::store
