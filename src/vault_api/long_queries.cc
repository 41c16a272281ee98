#include "vault_api/long_queries.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/hex.h"
#include "base/limits.h"

namespace muster::vault_api {

std::string LongQueries::keep(std::string_view text, directory::RandomSource& random,
                              std::chrono::milliseconds now) {
  std::array<std::uint8_t, 16> bytes{};
  random.fill(bytes);
  Kept made{.id = hex_lower(bytes),
            .text = std::string(text),
            .until = now + std::chrono::milliseconds(limits::kLongQueryMs)};
  std::string id = made.id;

  const std::lock_guard lock(mutex_);
  bytes_ += made.text.size();
  kept_.push_back(std::move(made));
  while (bytes_ > limits::kLongQueriesBytesMax || kept_.front().until <= now) drop_oldest();
  return id;
}

std::optional<std::string> LongQueries::find(std::string_view id,
                                             std::chrono::milliseconds now) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(kept_, id, &Kept::id);
  if (found == kept_.end() || found->until <= now) return std::nullopt;
  return found->text;
}

void LongQueries::drop_oldest() {
  bytes_ -= kept_.front().text.size();
  kept_.pop_front();
}

}  // namespace muster::vault_api
