// Any bytes, cut anywhere: no crash, and the same reading as in one piece.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/limits.h"
#include "http/reading_for_test.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace muster;
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t cut = (static_cast<std::size_t>(data[0]) << 8 | data[1]) % (bytes.size() + 1);
  const auto whole = http::read_whole(bytes);
  if (!(http::read_in_pieces(bytes, {cut}) == whole)) std::abort();
  if (size > 4096) return 0;  // the slow comparison is for short inputs
  const auto single = http::read_byte_by_byte(bytes);
  if (!(single == whole)) std::abort();
  if (single.held_most > limits::kHeaderBytesMax + 1) std::abort();
  return 0;
}
