// One transaction as two JSON texts: the record, which is redo log and audit trail at once and
// may be read by anybody who may read the file, and the secret part for redo only.
//
//   record: {"by":[12,"ann@example.com","Ann Lee",""],"action":"Update Users","execution":"...",
//            "users":[[17,"bob@example.com",0,[0,"Clerk","Director"]]],"fields":["user_title__v"]}
//     users: id, user name, 1 for a new user, then [index in fields, old, new] for each change
//     groups, where some changed, for the trail alone (redo has the domain as a whole):
//       "groups":[["Cholecap Team",["active__v","true","false"]]]
//   secret: an object of what is there; texts as in row_text.h
//     {"domain":{...},"stamps":[[id,created,by,modified,by]],"last_login":[[id,ms]],
//      "sessions":[[...]],"ended":["hash"],"credentials":[[...]],"next_user_id":7}
//
// A directory that was copied from another store begins with records of two more kinds, see
// copied_record.h:
//   record: rows of its trail, for the trail alone:
//     "rows":[[17,"bob@example.com",0,["user_title__v","Clerk","Director"]]]
//   secret: users as a whole, each as in user_row.h: "users":[[17,[...]]]
//
// Values are absolute, so that applying a record twice does no harm.
#pragma once

#include <cstdint>
#include <string>

#include "directory/domain.h"
#include "store/changes.h"

namespace muster::store {

struct JournalRecord {
  std::string record;
  std::string secret;            // empty: nothing
  std::int64_t domain_rows = 0;  // rows of the domain audit trail in `record`
};

// `domain` as it is after the transaction. Pure.
[[nodiscard]] JournalRecord encode_record(const Changes& changes, const directory::Domain& domain);

}  // namespace muster::store
