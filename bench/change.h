// The change that every anchor and the load generator make: 500 distinct random users, six of
// their fields, a value that is new in every batch. One definition, so that all of them carry the
// same records.
//
//   Ids ids(kRecords);
//   pick_users(random, user_count, ids);               // distinct, from 0, in random order
//   const Values values = make_values(number);         // the same six texts for all of them
//   if (valid(values)) append_change(log, ids[0], old_values, values);
//
// Pure functions, safe from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

inline constexpr std::size_t kFieldCount = 6;
inline constexpr std::size_t kRecords = 500;
inline constexpr std::array<std::string_view, kFieldCount> kFields = {
    "user_title__v", "company__v", "site__v", "office_phone__v", "fax__v", "alias__v"};

using Ids = std::vector<std::uint32_t>;
using Values = std::array<std::string, kFieldCount>;

// Throws std::runtime_error when there are fewer users than ids.
void pick_users(std::mt19937& random, std::size_t users, Ids& ids);

[[nodiscard]] Values make_values(unsigned number);

// The lengths of the field catalogue in characters, no control characters.
[[nodiscard]] bool valid(const Values& values);

// One line of JSON with the old and the new value of each field.
void append_change(std::string& out, std::size_t user, const Values& old, const Values& now);

}  // namespace muster::bench
