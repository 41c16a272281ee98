#include "system/sodium_secrets.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <optional>

#include "base/assert.h"

namespace muster::system {
namespace {

// May be called any number of times, by any thread. Fails only where the system has no randomness,
// and then nothing may run.
void start_sodium() { MUSTER_ASSERT(sodium_init() >= 0); }

constexpr std::size_t kSecretBytesMin = 16;

using HashText = std::array<char, crypto_pwhash_STRBYTES>;

// libsodium reads C strings. nullopt: too long to be one of its hashes.
std::optional<HashText> as_c_string(std::string_view hash) {
  HashText text{};
  if (hash.size() >= text.size()) return std::nullopt;
  hash.copy(text.data(), hash.size());
  return text;
}

std::string random_password() {
  std::string password(32, '\0');
  randombytes_buf(password.data(), password.size());
  return password;
}

class SodiumDigest final : public directory::RunningDigest {
 public:
  SodiumDigest() { crypto_hash_sha256_init(&state_); }
  void update(std::string_view bytes) override {
    crypto_hash_sha256_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                              bytes.size());
  }
  [[nodiscard]] directory::Digest finish() override {
    directory::Digest digest{};
    crypto_hash_sha256_final(&state_, digest.data());
    return digest;
  }

 private:
  crypto_hash_sha256_state state_{};
};

}  // namespace

SodiumPasswordHasher::SodiumPasswordHasher(PasswordCost cost) : cost_(cost) {
  start_sodium();
  dummy_hash_ = hash(random_password());
}

std::string SodiumPasswordHasher::hash(std::string_view password) const {
  HashText text{};
  if (crypto_pwhash_str(text.data(), password.data(), password.size(), cost_.passes,
                        cost_.memory_bytes) != 0) {
    throw std::bad_alloc();
  }
  return text.data();
}

bool SodiumPasswordHasher::verify(std::string_view hash, std::string_view password) const {
  const auto text = as_c_string(hash);
  if (!text) return false;
  errno = 0;
  if (crypto_pwhash_str_verify(text->data(), password.data(), password.size()) == 0) return true;
  if (errno == ENOMEM) throw std::bad_alloc();
  return false;
}

bool SodiumPasswordHasher::needs_rehash(std::string_view hash) const {
  const auto text = as_c_string(hash);
  return !text ||
         crypto_pwhash_str_needs_rehash(text->data(), cost_.passes, cost_.memory_bytes) != 0;
}

SodiumRandom::SodiumRandom() { start_sodium(); }

void SodiumRandom::fill(std::span<std::uint8_t> bytes) {
  static thread_local std::array<std::uint8_t, 1024> stock;
  static thread_local std::size_t left = 0;
  if (bytes.size() >= kSecretBytesMin) return randombytes_buf(bytes.data(), bytes.size());
  if (left < bytes.size()) {
    randombytes_buf(stock.data(), stock.size());
    left = stock.size();
  }
  left -= bytes.size();
  std::ranges::copy_n(stock.begin() + static_cast<std::ptrdiff_t>(left),
                      static_cast<std::ptrdiff_t>(bytes.size()), bytes.begin());
}

SodiumHasher::SodiumHasher() { start_sodium(); }

directory::Digest SodiumHasher::sha256(std::string_view bytes) const {
  directory::Digest digest{};
  static_assert(sizeof digest == crypto_hash_sha256_BYTES);
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size());
  return digest;
}

std::unique_ptr<directory::RunningDigest> SodiumHasher::begin_sha256() const {
  return std::make_unique<SodiumDigest>();
}

}  // namespace muster::system
