// From rows of the database to the values of the port. The column lists stand here once, for the
// statements that select them. A row of another shape is kUnexpectedError ("damaged").
// Pure functions but for the parser, which UserRows keeps: one per thread.
#pragma once

#include <simdjson.h>

#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/audit.h"
#include "directory/batch_log.h"
#include "directory/domain.h"
#include "directory/session.h"
#include "directory/user.h"
#include "store/postgres/connection.h"

namespace muster::store {

inline constexpr std::string_view kSessionColumns =
    "id_hash, user_id, vault_id, delegate_user_id, created, last_activity";
inline constexpr std::string_view kBatchColumns =
    "id, user_id, vault_id, operation, started, finished, records, succeeded, failed, unchanged, "
    "client_id, reference_id, undone_by";
inline constexpr std::string_view kAuditColumns =
    "id, at, user_name, full_name, on_behalf_of, action, execution_id, item, item_id, is_new, "
    "changes";
inline constexpr std::string_view kLoginColumns =
    "id, at, user_id, user_name, full_name, source_ip, type, status, browser, platform";

// Users of rows whose first columns are id and data.
class UserRows {
 public:
  [[nodiscard]] Result<directory::UserPtr> user(const Rows& rows, int row,
                                                const directory::Domain& domain);
  [[nodiscard]] Result<std::vector<directory::UserPtr>> users(const Rows& rows,
                                                              const directory::Domain& domain);

 private:
  simdjson::dom::parser parser_;
};

[[nodiscard]] Result<directory::Domain> domain_of(std::string_view settings);
[[nodiscard]] Result<directory::Session> session_of(const Rows& rows, int row);
[[nodiscard]] Result<directory::Credential> credential_of(std::string_view data);
[[nodiscard]] directory::Batch batch_of(const Rows& rows, int row);
[[nodiscard]] Result<directory::DomainAuditRow> audit_row_of(const Rows& rows, int row);
[[nodiscard]] directory::LoginAuditRow login_row_of(const Rows& rows, int row);
[[nodiscard]] Result<directory::Digest> digest_of(std::string_view hex);

// The text of column `changes`.
[[nodiscard]] std::string changes_text(
    const std::vector<directory::DomainAuditRow::Change>& changes);

}  // namespace muster::store
