// How the parser reads a byte sequence: for comparing readings of the same bytes in tests.
//
//   EXPECT_EQ(read_whole(bytes), read_in_pieces(bytes, {17}));
//
// Without GoogleTest, so that the fuzz target can use it.
#pragma once

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "http/refusal.h"

namespace muster::http {

struct RequestRead {
  std::string method;
  std::string target;
  std::vector<std::string> fields;  // "Name: value"
  std::string body;
  bool ends_connection = false;

  friend bool operator==(const RequestRead&, const RequestRead&) = default;
};

// All complete requests in the bytes, one after another, and how the reading ended.
struct Reading {
  std::vector<RequestRead> requests;
  std::optional<Refusal> refusal;  // nothing behind it was read
  std::size_t left = 0;            // bytes of a last, incomplete request
  std::size_t held_most = 0;       // the most bytes that had to be kept waiting for more

  // held_most depends on the pieces and is left out.
  friend bool operator==(const Reading& a, const Reading& b) {
    return a.requests == b.requests && a.refusal == b.refusal && a.left == b.left;
  }
};
std::ostream& operator<<(std::ostream& out, const Reading& reading);

// The bytes arrive in pieces that end at `cuts` (ascending) and at the end.
[[nodiscard]] Reading read_in_pieces(std::string_view bytes, const std::vector<std::size_t>& cuts);
[[nodiscard]] Reading read_whole(std::string_view bytes);
[[nodiscard]] Reading read_byte_by_byte(std::string_view bytes);

}  // namespace muster::http
