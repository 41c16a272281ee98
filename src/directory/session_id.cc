#include "directory/session_id.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "base/hex.h"
#include "base/text.h"

namespace muster::directory {
namespace {

constexpr std::size_t kTextBytes = kSessionIdBytes * 2;
constexpr std::string_view kScheme = "Bearer ";
constexpr std::size_t kShownBytes = 8;

bool is_upper_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }

}  // namespace

std::string make_session_id(RandomSource& random) {
  std::array<std::uint8_t, kSessionIdBytes> bytes{};
  random.fill(bytes);
  return hex_upper(bytes);
}

std::optional<std::string_view> read_session_id(std::string_view authorization) {
  std::string_view id = authorization;
  if (equals_ignoring_case(id.substr(0, kScheme.size()), kScheme)) {
    id = trim(id.substr(kScheme.size()));
  }
  if (id.size() != kTextBytes || !std::ranges::all_of(id, is_upper_hex)) return std::nullopt;
  return id;
}

std::string truncated_session_id(std::string_view session_id) {
  MUSTER_ASSERT(session_id.size() == kTextBytes);
  return std::string(session_id.substr(0, kShownBytes)) + '*';
}

}  // namespace muster::directory
