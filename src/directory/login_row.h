// Rows of the login audit trail, as login and sessions write them (protocol section 5.6).
// Pure functions, safe from any thread.
#pragma once

#include <string_view>

#include "base/time.h"
#include "directory/audit.h"
#include "directory/user.h"

namespace muster::directory {

inline constexpr std::string_view kUserLogin = "User Login";
inline constexpr std::string_view kDelegatedLogin = "Delegated Login";
inline constexpr std::string_view kUserLogout = "User Logout";
inline constexpr std::string_view kSessionExpired = "Session Expired";
inline constexpr std::string_view kPasswordChange = "Password Change";
inline constexpr std::string_view kSuccessStatus = "Success";

// A row about a known user, with status kSuccessStatus.
[[nodiscard]] LoginAuditRow login_row(const User& user, std::string_view type, Timestamp at);

// A row about a name that is no user's. A stranger chose the name: what is kept of it is short
// and printable.
[[nodiscard]] LoginAuditRow login_row(std::string_view unknown_name, std::string_view type,
                                      Timestamp at);

}  // namespace muster::directory
