// The keys of one JSON object, to find one that is given twice. Records usually have the same keys
// in the same order as the record before, so the keys stay and are first compared by position.
//
//   keys.clear();  if (!keys.add(key)) ...;  keys.last();
//
// Internal to codec. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster::codec {

class JsonKeys {
 public:
  // Begins the next object.
  void clear() {
    count_ = 0;
    known_order_ = true;
  }

  // False: the object has this key already. REQUIRES: size() < kColumnsMax.
  [[nodiscard]] bool add(std::string_view key) {
    if (known_order_ && count_ < keys_.size() && keys_[count_] == key) {
      ++count_;
      return true;
    }
    return add_new(key);
  }

  [[nodiscard]] std::size_t size() const { return count_; }
  // The key added last; stays valid until clear().
  [[nodiscard]] std::string_view last() const { return keys_[count_ - 1]; }

 private:
  [[nodiscard]] bool add_new(std::string_view key);

  std::vector<std::string> keys_;  // all different; beyond count_: those of an earlier object
  std::size_t count_ = 0;
  bool known_order_ = true;
};

}  // namespace muster::codec
