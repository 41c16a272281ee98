#include "http/every_way_for_test.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>

namespace muster::http {

Reading read_every_way(std::string_view bytes) {
  const Reading whole = read_whole(bytes);
  EXPECT_EQ(read_byte_by_byte(bytes), whole) << bytes.substr(0, 200);
  const std::size_t stride = std::max<std::size_t>(1, bytes.size() / 1000);
  for (std::size_t cut = 1; cut < bytes.size(); cut += stride) {
    EXPECT_EQ(read_in_pieces(bytes, {cut}), whole) << "cut at " << cut << "\n"
                                                   << bytes.substr(0, 200);
  }
  return whole;
}

}  // namespace muster::http
