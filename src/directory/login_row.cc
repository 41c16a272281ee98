#include "directory/login_row.h"

#include <algorithm>

#include "base/text.h"

namespace muster::directory {
namespace {

LoginAuditRow row_of_type(std::string_view type, Timestamp at) {
  LoginAuditRow row;
  row.timestamp = at;
  row.type = type;
  row.status = kSuccessStatus;
  return row;
}

}  // namespace

LoginAuditRow login_row(const User& user, std::string_view type, Timestamp at) {
  LoginAuditRow row = row_of_type(type, at);
  row.user_id = user.id;
  row.user_name = user.user_name();
  row.full_name = user.full_name();
  return row;
}

LoginAuditRow login_row(std::string_view unknown_name, std::string_view type, Timestamp at) {
  LoginAuditRow row = row_of_type(type, at);
  row.user_name = excerpt(unknown_name);
  std::ranges::replace_if(row.user_name, [](char c) { return c < ' ' || c > '~'; }, '?');
  return row;
}

}  // namespace muster::directory
