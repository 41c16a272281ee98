#include "codec/json_keys.h"

#include <algorithm>

#include "base/assert.h"
#include "base/limits.h"

namespace muster::codec {

bool JsonKeys::add_new(std::string_view key) {
  MUSTER_ASSERT(count_ < limits::kColumnsMax);
  keys_.reserve(limits::kColumnsMax);  // last() is a view: the strings must not move
  keys_.resize(count_);
  known_order_ = false;
  if (std::ranges::find(keys_, key) != keys_.end()) return false;
  keys_.emplace_back(key);
  ++count_;
  return true;
}

}  // namespace muster::codec
