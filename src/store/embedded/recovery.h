// Start-up: the snapshot, then the journal's tail from where the snapshot began.
//
// The snapshot may be fuzzy (written while commits went on, perhaps never finished): since
// journal values are absolute, replaying the tail over any mixture of states gives the newest one.
// Errors: kUnexpectedError saying which row is damaged; nothing is ever skipped.
#pragma once

#include "base/result.h"
#include "store/embedded/database.h"
#include "store/embedded/journal.h"
#include "store/embedded/recovered_state.h"
#include "store/memory_image.h"

namespace muster::store {

struct Recovery {
  RecoveredState state;
  JournalEnd end;
};

[[nodiscard]] Result<Recovery> recover(Database& database);

// Fills an empty image; takes the users out of `state`.
void publish(RecoveredState& state, MemoryImage& image);

}  // namespace muster::store
