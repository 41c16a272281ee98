// What VQL can ask for: the users and their object records, the same people with other names and
// other types of values (protocol sections 5.4, 5.5). Object records are written from here, too.
//
//   const QueryTarget* target = find_query_target("user__sys");
//   const QueryField* field = target->find("title__sys");
//   target->write(json, *field, user, vault);
//
// Immutable data, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "codec/json_writer.h"
#include "directory/domain.h"
#include "directory/field.h"
#include "directory/user.h"

namespace muster::vault_api {

struct QueryField {
  std::string_view name;
  std::string_view label;  // empty: has none
  std::string_view type;
  std::optional<directory::FieldId> means;  // none: first and last name
  bool required = false;
  bool editable = false;
  std::uint16_t length = 0;  // 0: has none
};

// Whose vault and domain the values are.
struct ValueScope {
  const directory::Domain& domain;
  directory::VaultId vault;
};

struct QueryTarget {
  std::string_view name;
  std::string_view label;
  std::string_view label_plural;
  std::vector<QueryField> fields;
  bool is_record;  // ids are texts, picklists arrays of one text

  // ASCII case ignored; nullptr when there is none.
  [[nodiscard]] const QueryField* find(std::string_view field) const;
  // Nothing to show: write() gives null.
  [[nodiscard]] bool is_set(const QueryField& field, const directory::User& user,
                            const ValueScope& scope) const;
  // The value alone.
  void write(codec::JsonWriter& json, const QueryField& field, const directory::User& user,
             const ValueScope& scope) const;
};

// "users" or "user__sys", ASCII case ignored; nullptr for any other.
[[nodiscard]] const QueryTarget* find_query_target(std::string_view name);
[[nodiscard]] const QueryTarget& user_records();

}  // namespace muster::vault_api
