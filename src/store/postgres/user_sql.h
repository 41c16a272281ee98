// A question for users as one statement: filter, order and page of a UserScan, asked of the JSON
// text in users.data (embedded/user_row.h) and of the columns beside it.
//
//   const auto page = page_statement(scan, std::vector{scan.vault}, domain, domain_id);
//   if (!page) ...                                           // see below
//   connection.ask_once(page->sql, page->parameters);        // rows: id, data, total
//
// Answers as UserFilter::matches() and ScanPage do. Values are parameters; the text is made of our
// own field names and operators alone. A page without users is one row whose id is NULL.
//
// There is no statement for a text that PostgreSQL cannot hold, and the statement fails with
// kNoSuchText when a user has one: then somebody must look at the users themselves.
//
// Pure functions, safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain.h"
#include "directory/store.h"
#include "store/postgres/parameters.h"

namespace muster::store {

// The SQLSTATE of a NUL in a JSON text, which becomes no text of PostgreSQL.
inline constexpr std::string_view kNoSuchText = "22P05";

struct UserStatement {
  std::string sql;
  Parameters parameters;
};

// Of all users, or the members (active or not) of any of `vaults`; scan.vault says only whose
// membership fields are meant.
[[nodiscard]] std::optional<UserStatement> page_statement(
    const directory::UserScan& scan, const std::optional<std::vector<directory::VaultId>>& vaults,
    const directory::Domain& domain, std::int64_t domain_id);

// "EXISTS ...": a user `u` of the domain $1 is a member of one of `vaults`, an array of bigint.
[[nodiscard]] std::string is_member_sql(std::string_view vaults);

}  // namespace muster::store
