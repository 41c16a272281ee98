// Journal records of what another store had (store/archive.h): rows of its domain trail with
// nothing to redo, and the directory with nothing for the trail. The format is in journal_record.h.
//
//   JournalRecord record = encode_trail(rows);           // one actor, one moment
//   JournalRecord record = encode_users(users, domain);
//
// Pure functions.
#pragma once

#include <cstdint>
#include <span>

#include "store/archive.h"
#include "store/embedded/journal_record.h"
#include "store/embedded/journal_row.h"

namespace muster::store {

// REQUIRES: not empty; all of one call, see are_of_one_call().
[[nodiscard]] JournalRecord encode_trail(std::span<const directory::DomainAuditRow> rows);

// Whether the second row may follow the first in one record: done by the same one in the same call,
// and its id is the next.
[[nodiscard]] bool are_of_one_call(const directory::DomainAuditRow& a,
                                   const directory::DomainAuditRow& b);

// Whether the row's place in the trail is right, `next` being the first id that is free. Only rows
// that encode_trail() made may leave ids out: the other store had not given them either.
[[nodiscard]] bool follows(const JournalRow& row, std::int64_t next);

[[nodiscard]] JournalRecord encode_head(const ArchiveHead& head);
[[nodiscard]] JournalRecord encode_users(std::span<const directory::UserPtr> users,
                                         const directory::Domain& domain);
[[nodiscard]] JournalRecord encode_credentials(std::span<const OwnedCredential> rows);
[[nodiscard]] JournalRecord encode_sessions(std::span<const directory::Session> sessions);
// For rows that stand in tables of their own (logins).
[[nodiscard]] JournalRecord encode_nothing();

}  // namespace muster::store
