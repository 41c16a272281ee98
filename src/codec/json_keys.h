// The keys of one JSON object, to find one that is given twice. Records usually have the same keys
// in the same order as the record before, so the keys stay and are first compared by position. An
// object with another order is looked up in a table of hashes, made when it is first needed.
//
//   keys.clear();  if (!keys.add(key)) ...;  keys.last();
//
// Internal to codec. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"

namespace muster::codec {

class JsonKeys {
 public:
  // Begins the next object.
  void clear() {
    count_ = 0;
    known_order_ = true;
  }

  // The key that stood here in the object before, as a compact body has it: `"name":`. Empty when
  // there is none, the order of this object is another one, or the name needs an escape.
  [[nodiscard]] std::string_view due() const {
    const bool known = known_order_ && count_ < known_ && keys_[count_].plain;
    return known ? std::string_view(keys_[count_].source) : std::string_view();
  }
  // Adds that key. REQUIRES: due() is not empty.
  void add_due() { ++count_; }

  // False: the object has this key already. REQUIRES: size() < kColumnsMax.
  [[nodiscard]] bool add(std::string_view key) {
    if (known_order_ && count_ < known_ && keys_[count_].name() == key) {
      ++count_;
      return true;
    }
    return add_new(key);
  }

  [[nodiscard]] std::size_t size() const { return count_; }
  // The key added last; stays valid until clear().
  [[nodiscard]] std::string_view last() const { return keys_[count_ - 1].name(); }

 private:
  struct Key {
    std::string source;  // `"name":`
    bool plain = false;  // the name is the same with and without escapes
    [[nodiscard]] std::string_view name() const {
      return {source.data() + 1, source.size() - std::string_view(R"("":)").size()};
    }
  };

  static constexpr std::size_t kSlots = 512;  // more than twice kColumnsMax
  static_assert(limits::kColumnsMax < 255 && kSlots > 2 * limits::kColumnsMax);

  [[nodiscard]] bool add_new(std::string_view key);
  void leave_known_order();
  [[nodiscard]] std::uint8_t& slot_of(std::string_view key);

  std::vector<Key> keys_;
  std::size_t known_ = 0;  // so many are all different; beyond count_: those of an earlier object
  std::size_t count_ = 0;
  bool known_order_ = true;
  // Once the order is another one. Open addressing: 1 + index of the key, 0 for a free slot.
  std::array<std::uint8_t, kSlots> slots_{};
};

}  // namespace muster::codec
