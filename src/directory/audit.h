// Audit trail: who did what, as the store records and returns it (protocol section 5.6).
//
// The domain trail is not written by hand: Transaction::put_users() and put_domain() derive it from
// the difference of users and groups before and after, so a change without its audit row cannot
// happen.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "directory/ids.h"

namespace muster::directory {

// On whose behalf a transaction writes. Names are those at the time of the call.
struct Actor {
  UserId user_id = kSystemUserId;
  std::string user_name = "System";
  std::string full_name = "System";
  std::string on_behalf_of;  // user name of the delegator; empty when not delegated
  std::string execution_id;  // X-VaultAPI-ExecutionId of the call; empty for the server's own work
  std::string action;        // "Update Users", "Create User", ...
  Timestamp at{};            // becomes modified_date__v of what is written
};

// One row of domain_audit_trail: one changed user or group of one call.
struct DomainAuditRow {
  std::int64_t id = 0;
  Timestamp timestamp{};
  std::string user_name;
  std::string full_name;
  std::string on_behalf_of;
  std::string action;
  std::string item;     // user name of the changed user, label of the group
  UserId item_id;       // 0 when it is a group
  bool is_new = false;  // the call created the user
  struct Change {
    std::string field;      // wire name; "vault_membership[3003].active__v" for memberships
    std::string old_value;  // as the API writes values; empty = none
    std::string new_value;
  };
  std::vector<Change> changes;
  std::string execution_id;
};

// One row of login_audit_trail.
struct LoginAuditRow {
  std::int64_t id = 0;  // given by the store
  Timestamp timestamp{};
  UserId user_id;  // 0 when the name is unknown
  std::string user_name;
  std::string full_name;
  std::string source_ip;
  std::string type;    // "User Login", "User Logout", "Session Expired", "Delegated Login"
  std::string status;  // "Success" or the wire name of the error type
  std::string browser = "Unknown";
  std::string platform = "Unknown";
};

struct AuditQuery {
  Timestamp from{};  // inclusive
  Timestamp to{};    // inclusive
  std::int64_t offset = 0;
  std::int64_t limit = 200;
  std::optional<UserId> item = std::nullopt;  // the domain trail of this user only
};

// Newest first: in the order of the commits, whatever the clock said.
template <typename Row>
struct AuditPage {
  std::vector<Row> rows;
  std::int64_t total = 0;  // rows of the whole period (and item)
};

}  // namespace muster::directory
