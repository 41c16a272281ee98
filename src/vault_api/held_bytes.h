// What the bodies that are held whole may take together, whoever sends them.
//
//   HeldBytes::Share share(state.held_forms);
//   if (!share.take(chunk.size())) ...   // too much is held already
//
// Thread-safe. A share gives back what it took when it ends.
#pragma once

#include <atomic>
#include <cstddef>

#include "base/limits.h"

namespace muster::vault_api {

class HeldBytes {
 public:
  class Share {
   public:
    explicit Share(HeldBytes& all) : all_(all) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() { all_.held_ -= taken_; }

    // False, and nothing taken, when all shares together would take too much.
    [[nodiscard]] bool take(std::size_t bytes) {
      const std::size_t held = all_.held_ += bytes;
      if (held > limits::kHeldFormBytesMax) {
        all_.held_ -= bytes;
        return false;
      }
      taken_ += bytes;
      return true;
    }

   private:
    HeldBytes& all_;
    std::size_t taken_ = 0;
  };

 private:
  std::atomic<std::size_t> held_ = 0;
};

}  // namespace muster::vault_api
