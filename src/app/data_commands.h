// `muster verify`, `backup` and `restore`: what is done with a data directory on the machine
// itself.
#pragma once

#include <string>

#include "base/result.h"

namespace muster::app {

struct VerifyArguments {
  std::string data_dir;
  std::string head;  // of the audit chain, as noted before; empty: not compared
};

struct CopyArguments {
  std::string data_dir;
  std::string file;
};

// Prints what was found; a server may be running. Errors: kUnexpectedError naming the first thing
// that is wrong; also when the noted head is none that the journal went through.
[[nodiscard]] Result<void> run_verify(const VerifyArguments& arguments);
// A server may be running. Errors: kUnexpectedError.
[[nodiscard]] Result<void> run_backup(const CopyArguments& arguments);
[[nodiscard]] Result<void> run_restore(const CopyArguments& arguments);

}  // namespace muster::app
