// Copies a domain from one store into another, and says whether both have the same content.
//
//   Result<CopyReport> report = copy_archive(source, target, hasher);
//   if (report && report->is_whole()) ...     // the target is initialised now
//
// A copy that was interrupted goes on where it stopped when it is called again; the source must not
// have changed meanwhile, by which its hash tells. The source is read twice and the target once;
// memory is one piece.
#pragma once

#include <array>
#include <cstdint>

#include "base/result.h"
#include "directory/secrets.h"
#include "store/archive.h"

namespace muster::store {

struct ArchiveContent {
  std::array<std::int64_t, kArchiveSections> rows{};
  directory::Digest hash{};  // SHA-256 of the canonical text of all rows, in their order

  friend bool operator==(const ArchiveContent&, const ArchiveContent&) = default;
};

struct CopyReport {
  ArchiveContent source;
  ArchiveContent target;
  [[nodiscard]] bool is_whole() const { return source == target; }
};

[[nodiscard]] Result<ArchiveContent> content_of(ArchiveSource& source,
                                                const directory::Hasher& hasher);

// The target is marked as initialised only when its content is the source's. Errors: of both; a
// copy that is not whole is none, but the report says so.
[[nodiscard]] Result<CopyReport> copy_archive(ArchiveSource& source, ArchiveTarget& target,
                                              const directory::Hasher& hasher);

}  // namespace muster::store
