// One user as a row of the snapshot: a JSON array of its stored fields, in the order of
// stored_fields(). One text is written and read several times faster than thirty columns, and
// the sqlite3 shell still sees columns, by the view.
//
//   append_user(text, user, domain);      // ["ann@example.com","Ann",...]
//   read_user(json, domain, user);
//
// Texts as they are, date-times as milliseconds or null, everything else as field_text() gives it.
// Pure functions.
#pragma once

#include <simdjson.h>

#include <span>
#include <string>

#include "base/result.h"
#include "directory/domain.h"
#include "directory/user.h"

namespace muster::store {

// All fields but the id, what a session's vault decides, and what is derived from the domain.
[[nodiscard]] std::span<const directory::FieldId> stored_fields();

void append_user(std::string& out, const directory::User& user, const directory::Domain& domain);

// kInvalidData for a value that append_user() cannot have written; throws simdjson::simdjson_error
// for a text of another shape. `user` is new, its id set.
[[nodiscard]] Result<void> read_user(simdjson::dom::element row, const directory::Domain& domain,
                                     directory::User& user);

// "... AS user_name__v, ...": the columns of a view on a table whose column `user` is such a row.
[[nodiscard]] std::string user_columns_sql();
// The SQL expression that is the field's text. REQUIRES: one of stored_fields().
[[nodiscard]] std::string field_sql(directory::FieldId field);

}  // namespace muster::store
