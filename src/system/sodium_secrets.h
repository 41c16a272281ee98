// libsodium behind the ports of directory/secrets.h: argon2id passwords, random bytes, SHA-256.
//
//   SodiumPasswordHasher passwords;
//   SessionService sessions(store, clock, passwords, hasher, random, {});
//
// All thread-safe. Out of memory is std::bad_alloc, as from `new`: a hash that could not be
// computed must never count as a wrong password.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "directory/secrets.h"

namespace muster::system {

// One hash at a time takes `memory_bytes`. The defaults are OWASP's minimum for argon2id.
struct PasswordCost {
  unsigned long long passes = 2;
  std::size_t memory_bytes = std::size_t{19} * 1024 * 1024;
};

class SodiumPasswordHasher final : public directory::PasswordHasher {
 public:
  // Hashes once, for dummy_hash().
  explicit SodiumPasswordHasher(PasswordCost cost = {});

  [[nodiscard]] std::string hash(std::string_view password) const override;
  [[nodiscard]] bool verify(std::string_view hash, std::string_view password) const override;
  [[nodiscard]] bool needs_rehash(std::string_view hash) const override;
  [[nodiscard]] const std::string& dummy_hash() const override { return dummy_hash_; }

 private:
  PasswordCost cost_;
  std::string dummy_hash_;
};

// Fewer bytes than a secret has (execution ids) come out of a stock of the thread, each byte once:
// a call of the system for each request would cost more than the rest of its id. Secrets come
// straight from the system.
class SodiumRandom final : public directory::RandomSource {
 public:
  SodiumRandom();
  void fill(std::span<std::uint8_t> bytes) override;
};

class SodiumHasher final : public directory::Hasher {
 public:
  SodiumHasher();
  [[nodiscard]] directory::Digest sha256(std::string_view bytes) const override;
  [[nodiscard]] std::unique_ptr<directory::RunningDigest> begin_sha256() const override;
};

}  // namespace muster::system
