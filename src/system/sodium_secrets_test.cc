#include "system/sodium_secrets.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>
#include <thread>
#include <vector>

#include "base/hex.h"

namespace muster::system {
namespace {

constexpr PasswordCost kCheap{.passes = 1, .memory_bytes = std::size_t{64} * 1024};

TEST(SodiumPasswordHasher, DefaultCostIsTwoPassesOverNineteenMebibytes) {
  const SodiumPasswordHasher hasher;
  EXPECT_TRUE(hasher.hash("Muster-1").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  EXPECT_TRUE(hasher.dummy_hash().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(SodiumPasswordHasher, OnlyTheRightPasswordMatches) {
  const SodiumPasswordHasher hasher(kCheap);
  const std::string hash = hasher.hash("Muster-1");
  EXPECT_TRUE(hasher.verify(hash, "Muster-1"));
  EXPECT_FALSE(hasher.verify(hash, "Muster-2"));
  EXPECT_FALSE(hasher.verify(hash, "muster-1"));
  EXPECT_FALSE(hasher.verify(hash, "Muster-1 "));
  EXPECT_FALSE(hasher.verify(hash, ""));
}

TEST(SodiumPasswordHasher, BytesAfterANulCount) {
  const SodiumPasswordHasher hasher(kCheap);
  using namespace std::string_view_literals;
  const std::string hash = hasher.hash("before\0after"sv);
  EXPECT_TRUE(hasher.verify(hash, "before\0after"sv));
  EXPECT_FALSE(hasher.verify(hash, "before\0other"sv));
  EXPECT_FALSE(hasher.verify(hash, "before"sv));
}

TEST(SodiumPasswordHasher, NothingOfALongPasswordIsCutOff) {
  const SodiumPasswordHasher hasher(kCheap);
  const std::string longest(256, 'x');
  EXPECT_TRUE(hasher.verify(hasher.hash(longest), longest));
  EXPECT_FALSE(hasher.verify(hasher.hash(longest), std::string(255, 'x') + 'y'));
}

TEST(SodiumPasswordHasher, SamePasswordTwiceHasTwoHashes) {
  const SodiumPasswordHasher hasher(kCheap);
  EXPECT_NE(hasher.hash("Muster-1"), hasher.hash("Muster-1"));
}

TEST(SodiumPasswordHasher, UnreadableHashMatchesNothing) {
  const SodiumPasswordHasher hasher(kCheap);
  for (const std::string& hash : {std::string(), std::string("plain"), std::string("$argon2id$"),
                                  std::string(5000, '$'), hasher.hash("a").substr(0, 60)}) {
    EXPECT_FALSE(hasher.verify(hash, "a")) << hash.substr(0, 80);
    EXPECT_FALSE(hasher.verify(hash, "")) << hash.substr(0, 80);
  }
}

TEST(SodiumPasswordHasher, HashOfOtherCostIsVerifiedAndDueForRehash) {
  const SodiumPasswordHasher weak(kCheap);
  const SodiumPasswordHasher strong({.passes = 2, .memory_bytes = std::size_t{128} * 1024});
  const std::string old_hash = weak.hash("Muster-1");
  EXPECT_TRUE(strong.verify(old_hash, "Muster-1"));
  EXPECT_TRUE(strong.needs_rehash(old_hash));
  EXPECT_FALSE(weak.needs_rehash(old_hash));
  EXPECT_FALSE(strong.needs_rehash(strong.hash("Muster-1")));
}

TEST(SodiumPasswordHasher, DummyHashIsReadableAndHasTodaysCost) {
  const SodiumPasswordHasher hasher(kCheap);
  EXPECT_FALSE(hasher.needs_rehash(hasher.dummy_hash()));
  EXPECT_FALSE(hasher.verify(hasher.dummy_hash(), ""));
}

TEST(SodiumPasswordHasher, ThreadsHashAtTheSameTime) {
  const SodiumPasswordHasher hasher(kCheap);
  const std::string hash = hasher.hash("Muster-1");
  std::vector<int> right(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(right.size());
    for (int& count : right) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) count += hasher.verify(hash, i % 2 == 0 ? "Muster-1" : "no");
      });
    }
  }
  EXPECT_EQ(right, std::vector<int>(4, 25));
}

// FIPS 180-4, and the two block boundaries.
TEST(SodiumHasher, KnownVectors) {
  const SodiumHasher hasher;
  EXPECT_EQ(hex_lower(hasher.sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_lower(hasher.sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_lower(hasher.sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(SodiumRandom, FillsEveryByteAndNeverRepeats) {
  SodiumRandom random;
  std::set<std::array<std::uint8_t, 16>> seen;
  std::array<bool, 16> changed{};
  for (int i = 0; i < 1000; ++i) {
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    EXPECT_TRUE(seen.insert(bytes).second);
    for (std::size_t k = 0; k < bytes.size(); ++k) changed[k] = changed[k] || bytes[k] != 0;
  }
  for (const bool byte_changed : changed) EXPECT_TRUE(byte_changed);
}

// Those come out of a stock.
TEST(SodiumRandom, FewBytesNeverRepeatEither) {
  using Few = std::array<std::uint8_t, 10>;
  std::vector<std::vector<Few>> drawn(4);
  {
    std::vector<std::jthread> threads;
    threads.reserve(drawn.size());
    for (auto& of_thread : drawn) {
      threads.emplace_back([&of_thread] {
        SodiumRandom random;
        for (int i = 0; i < 1000; ++i) random.fill(of_thread.emplace_back());
      });
    }
  }
  std::set<Few> seen;
  for (const auto& of_thread : drawn) seen.insert(of_thread.begin(), of_thread.end());
  EXPECT_EQ(seen.size(), 4000U);
}

TEST(SodiumRandom, EmptySpanIsFine) {
  SodiumRandom random;
  random.fill({});
}

}  // namespace
}  // namespace muster::system
