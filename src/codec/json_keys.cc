#include "codec/json_keys.h"

#include <algorithm>
#include <functional>

#include "base/assert.h"
#include "codec/json_bytes.h"

namespace muster::codec {

bool JsonKeys::add_new(std::string_view key) {
  MUSTER_ASSERT(count_ < limits::kColumnsMax);
  if (known_order_) leave_known_order();
  std::uint8_t& slot = slot_of(key);
  if (slot != 0) return false;
  known_ = count_ + 1;  // the keys of the earlier object end here: they may be equal to this one
  keys_.resize(std::max(keys_.size(), known_));
  Key& added = keys_[count_++];
  added.source = '"';
  added.source += key;
  added.source += "\":";
  added.plain = std::ranges::none_of(key, ends_plain_text);
  slot = static_cast<std::uint8_t>(count_);
  return true;
}

void JsonKeys::leave_known_order() {
  keys_.reserve(limits::kColumnsMax);  // last() is a view: the strings must not move
  known_order_ = false;
  slots_.fill(0);
  for (std::size_t i = 0; i < count_; ++i) {
    slot_of(keys_[i].name()) = static_cast<std::uint8_t>(i + 1);
  }
}

// Where `key` is, or the free slot where it belongs.
std::uint8_t& JsonKeys::slot_of(std::string_view key) {
  std::size_t slot = std::hash<std::string_view>()(key) % kSlots;
  while (slots_[slot] != 0 && keys_[slots_[slot] - 1U].name() != key) slot = (slot + 1) % kSlots;
  return slots_[slot];
}

}  // namespace muster::codec
