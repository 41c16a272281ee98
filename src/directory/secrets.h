// Ports for cryptography. The adapters are in src/system; tests use cheap ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace muster::directory {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256

// For hash tables: a digest is its own hash.
struct DigestHash {
  [[nodiscard]] std::size_t operator()(const Digest& digest) const noexcept {
    std::size_t prefix = 0;
    std::memcpy(&prefix, digest.data(), sizeof prefix);
    return prefix;
  }
};

// Thread-safe. One call costs tens of milliseconds and about 19 MiB, so callers run on the
// bounded password pool, never on a thread that others wait for.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  // A self-describing hash (argon2id string form).
  [[nodiscard]] virtual std::string hash(std::string_view password) const = 0;
  // False for a wrong password and for an unreadable hash.
  [[nodiscard]] virtual bool verify(std::string_view hash, std::string_view password) const = 0;
  // True when `hash` was made with other parameters than today's.
  [[nodiscard]] virtual bool needs_rehash(std::string_view hash) const = 0;
  // A hash that no password matches, at the cost of a real one: verified for unknown users so
  // that they take as long as known ones.
  [[nodiscard]] virtual const std::string& dummy_hash() const = 0;
};

// Cryptographically secure. Thread-safe.
class RandomSource {
 public:
  virtual ~RandomSource() = default;
  virtual void fill(std::span<std::uint8_t> bytes) = 0;
};

// A SHA-256 of bytes that come piece by piece. For one thread; not to be used after finish().
class RunningDigest {
 public:
  virtual ~RunningDigest() = default;
  virtual void update(std::string_view bytes) = 0;
  [[nodiscard]] virtual Digest finish() = 0;
};

// SHA-256. Thread-safe.
class Hasher {
 public:
  virtual ~Hasher() = default;
  [[nodiscard]] virtual Digest sha256(std::string_view bytes) const = 0;
  [[nodiscard]] virtual std::unique_ptr<RunningDigest> begin_sha256() const = 0;
};

}  // namespace muster::directory
