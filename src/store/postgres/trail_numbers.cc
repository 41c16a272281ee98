#include "store/postgres/trail_numbers.h"

namespace muster::store {

Answer<Rows> TrailNumbers::advance(std::int64_t count) {
  const auto lease = pool_.take();
  if (!lease) return std::unexpected(lease.error());
  (*lease)->send_lazily();
  return (*lease)->ask(
      "UPDATE counter SET value = value + $2 WHERE domain_id = $1 AND name = 'trail' "
      "RETURNING value - $2",
      Parameters().integer(domain_id_).integer(count));
}

Answer<std::int64_t> TrailNumbers::reserve(std::int64_t count) {
  Answer<Rows> rows = advance(count);
  // An idle connection may be dead; what was counted twice is no more than a gap.
  if (!rows && rows.error().is_lost()) rows = advance(count);
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::unexpected(DatabaseError{"02000", "no counter of the trails"});
  return rows->integer(0, 0);
}

}  // namespace muster::store
