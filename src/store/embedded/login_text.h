// The columns of the login audit trail, for who reads them. One thread.
#pragma once

#include <string_view>

#include "directory/audit.h"
#include "store/embedded/database.h"

namespace muster::store {

inline constexpr std::string_view kLoginColumns =
    "id, at, user_id, user_name, full_name, source_ip, type, status, browser, platform";

// From kLoginColumns, of which the first is column `first` of the row.
[[nodiscard]] directory::LoginAuditRow read_login(Statement& row, int first);

}  // namespace muster::store
