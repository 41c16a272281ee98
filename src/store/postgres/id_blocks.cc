#include "store/postgres/id_blocks.h"

#include <algorithm>
#include <limits>

namespace muster::store {
namespace {

constexpr std::int64_t kBlock = 100;
constexpr std::int64_t kIdMax = std::numeric_limits<std::int32_t>::max();

}  // namespace

Answer<std::int64_t> IdBlocks::ask(const std::string& sql, std::int64_t number) {
  const auto once = [&]() -> Answer<Rows> {
    const auto lease = pool_.take();
    if (!lease) return std::unexpected(lease.error());
    return (*lease)->ask(sql, Parameters().integer(domain_id_).integer(number));
  };
  Answer<Rows> rows = once();
  // An idle connection may be dead; a block that was given twice is no more than a gap.
  if (!rows && rows.error().is_lost()) rows = once();
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::unexpected(DatabaseError{"02000", "no counter of user ids"});
  return rows->integer(0, 0);
}

Answer<std::vector<directory::UserId>> IdBlocks::take(std::size_t count) {
  const std::lock_guard lock(mutex_);
  const auto wanted = static_cast<std::int64_t>(count);
  std::vector<directory::UserId> ids;
  ids.reserve(count);
  while (std::ssize(ids) < wanted) {
    if (next_ == end_) {
      const std::int64_t size = std::max(kBlock, wanted - std::ssize(ids));
      const auto last =
          ask("UPDATE counter SET value = value + $2 WHERE domain_id = $1 AND name = 'user' "
              "RETURNING value",
              size);
      if (!last) return std::unexpected(last.error());
      if (*last > kIdMax) {
        return std::unexpected(DatabaseError{"22003", "The directory has no user ids left."});
      }
      seen_ = *last;
      end_ = *last + 1;
      next_ = end_ - size;
    }
    ids.push_back({static_cast<std::int32_t>(next_++)});
  }
  return ids;
}

Answer<void> IdBlocks::raise(directory::UserId used) {
  const std::lock_guard lock(mutex_);
  if (used.value < next_) return {};
  next_ = std::min(end_, std::int64_t{used.value} + 1);
  if (used.value <= seen_) return {};
  const auto value =
      ask("UPDATE counter SET value = greatest(value, $2) WHERE domain_id = $1 AND name = 'user' "
          "RETURNING value",
          used.value);
  if (!value) return std::unexpected(value.error());
  seen_ = *value;
  return {};
}

}  // namespace muster::store
