// The chain of hashes that makes tampering with the audit trail evident: each journal row carries
// the SHA-256 of the row before it and of its own content, login rows included. Who changes a row
// must change all that follow, and with them the head that was noted elsewhere (`muster verify`
// prints it).
//
//   Digest content = content_digest(row, logins);      // no order needed: in the writer's thread
//   Digest chain = chain_digest(previous, content, row.domain_first);
//
// Pure functions. Against the disk's own faults there are checksums (checksum.h), which cost less.
#pragma once

#include <cstdint>
#include <span>

#include "directory/audit.h"
#include "directory/secrets.h"
#include "store/embedded/journal_row.h"

namespace muster::store {

// Of all of the row but the numbers that it gets when it is written.
[[nodiscard]] directory::Digest content_digest(const JournalRow& row,
                                               std::span<const directory::LoginAuditRow> logins);

// `domain_first`: id of the row's first row in the domain trail.
[[nodiscard]] directory::Digest chain_digest(const directory::Digest& previous,
                                             const directory::Digest& content,
                                             std::int64_t domain_first);

}  // namespace muster::store
