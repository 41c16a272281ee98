#include "codec/json_bytes.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace muster::codec {
namespace {

std::size_t plain_size(std::string_view text) {
  const char* const end = find_plain_text_end(text.begin(), text.end());
  return static_cast<std::size_t>(end - text.begin());
}

std::size_t skipped_size(std::string_view text) {
  const char* const skipped = skip_plain_blocks(text.begin(), text.end());
  return static_cast<std::size_t>(skipped - text.begin());
}

// Short texts, whole blocks and every rest.
TEST(PlainText, EndsAtTheFirstByteThatIsNotPlain) {
  constexpr std::size_t kSizeMax = 200;
  for (std::size_t size = 0; size <= kSizeMax; ++size) {
    std::string text(size, '\xC3');
    EXPECT_EQ(plain_size(text), size);
    EXPECT_EQ(skipped_size(text), size - size % 64);
    for (std::size_t at = 0; at < size; ++at) {
      for (const char end : {'"', '\\', '\x1F', '\0'}) {
        text[at] = end;
        EXPECT_EQ(plain_size(text), at) << size;
        EXPECT_LE(skipped_size(text), at) << size;
      }
      text[at] = 'x';
    }
  }
}

}  // namespace
}  // namespace muster::codec
