// Whether a data file is whole (`muster verify`): its structure, its journal from the first row on,
// and that the directory is what the journal says.
//
//   auto report = verify(directory / "muster.db");
//   if (!report) the error names the first thing that is wrong
//
// Reads only; a server may be using the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "directory/secrets.h"
#include "store/changes.h"

namespace muster::store {

struct VerifyReport {
  std::int64_t users = 0;
  Sequence journal_rows = 0;
  std::int64_t domain_rows = 0;  // of the domain audit trail
  std::int64_t login_rows = 0;
  directory::Digest head{};  // of the audit chain
};

// As of one moment. `noted_head`: "{journal row}:{hash}" as an earlier verify told it; the chain
// must have gone through it, else somebody has written the whole trail anew. Empty: not asked.
// Errors: kUnexpectedError: what is wrong, the first broken row by its number; kInvalidData: a
// noted head that is none.
[[nodiscard]] Result<VerifyReport> verify(const std::filesystem::path& file,
                                          std::string_view noted_head = {});

}  // namespace muster::store
