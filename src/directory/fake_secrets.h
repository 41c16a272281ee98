// Cheap stand-ins for the ports of directory/secrets.h, for tests only. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "directory/secrets.h"

namespace muster::directory::testing {

// A hash shows its password ("fake:Muster-1"); one that begins with "weak:" is due for a rehash.
class FakePasswordHasher final : public PasswordHasher {
 public:
  [[nodiscard]] std::string hash(std::string_view password) const override {
    ++hashes_;
    return "fake:" + std::string(password);
  }
  [[nodiscard]] bool verify(std::string_view hash, std::string_view password) const override {
    ++verifications_;
    const auto colon = hash.find(':');
    return colon != std::string_view::npos && hash.substr(colon + 1) == password;
  }
  [[nodiscard]] bool needs_rehash(std::string_view hash) const override {
    return hash.starts_with("weak:");
  }
  [[nodiscard]] const std::string& dummy_hash() const override { return dummy_; }

  [[nodiscard]] int hashes() const { return hashes_; }
  [[nodiscard]] int verifications() const { return verifications_; }

 private:
  std::string dummy_ = "no password matches this";
  mutable std::atomic<int> hashes_{0};
  mutable std::atomic<int> verifications_{0};
};

// Different bytes on every call, the same ones in every run (splitmix64 of a counter).
class FakeRandom final : public RandomSource {
 public:
  void fill(std::span<std::uint8_t> bytes) override {
    for (std::uint8_t& byte : bytes) {
      std::uint64_t z = state_.fetch_add(1) * 0x9E3779B97F4A7C15ULL;
      z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
      z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
      byte = static_cast<std::uint8_t>(z >> 56U);
    }
  }

 private:
  std::atomic<std::uint64_t> state_{1};
};

class FakeHasher final : public Hasher {
 public:
  [[nodiscard]] std::unique_ptr<RunningDigest> begin_sha256() const override {
    class Running final : public RunningDigest {
     public:
      void update(std::string_view bytes) override { bytes_ += bytes; }
      [[nodiscard]] Digest finish() override { return FakeHasher().sha256(bytes_); }

     private:
      std::string bytes_;
    };
    return std::make_unique<Running>();
  }
  [[nodiscard]] Digest sha256(std::string_view bytes) const override {
    Digest digest{};
    std::string salted(bytes);
    for (std::uint8_t& byte : digest) {
      byte = static_cast<std::uint8_t>(std::hash<std::string>{}(salted) >> 7U);
      salted += '.';
    }
    return digest;
  }
};

}  // namespace muster::directory::testing
