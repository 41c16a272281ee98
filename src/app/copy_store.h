// Copies a directory from one place to another (`muster store copy`): from a data directory into a
// database, back, or from one of either kind into another of that kind.
//
//   auto report = copy_store({.from = {.data_dir = "data"}, .to = {.url = url}});
//   if (report && report->is_whole()) ...
//
// Blocks on disk and network for as long as it takes. Errors: those of both places; one that was
// interrupted goes on when it is called again (store/copy.h).
#pragma once

#include <string>

#include "app/store_location.h"
#include "base/result.h"
#include "store/copy.h"

namespace muster::app {

[[nodiscard]] Result<store::CopyReport> copy_store(const StoreLocation& from,
                                                   const StoreLocation& to);

}  // namespace muster::app
