#include "store/embedded/login_text.h"

#include <string>

#include "store/embedded/row_text.h"

namespace muster::store {

directory::LoginAuditRow read_login(Statement& row, int first) {
  const auto text = [&](int column) { return std::string(row.text(first + column)); };
  return {.id = row.integer(first),
          .timestamp = timestamp(row.integer(first + 1)),
          .user_id = directory::UserId{static_cast<std::int32_t>(row.integer(first + 2))},
          .user_name = text(3),
          .full_name = text(4),
          .source_ip = text(5),
          .type = text(6),
          .status = text(7),
          .browser = text(8),
          .platform = text(9)};
}

}  // namespace muster::store
