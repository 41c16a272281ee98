#include "loader/fingerprint.h"

#include <xxhash.h>

#include "base/hex.h"

namespace muster::loader {

struct Fingerprint::State {
  XXH3_state_t* hash = XXH3_createState();
  ~State() { XXH3_freeState(hash); }
};

Fingerprint::Fingerprint() : state_(std::make_unique<State>()) { XXH3_128bits_reset(state_->hash); }
Fingerprint::~Fingerprint() = default;

void Fingerprint::add(std::string_view bytes) {
  XXH3_128bits_update(state_->hash, bytes.data(), bytes.size());
}

std::string Fingerprint::text() const {
  XXH128_canonical_t digest;
  XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(state_->hash));
  return hex_lower(digest.digest);
}

}  // namespace muster::loader
