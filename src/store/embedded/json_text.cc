#include "store/embedded/json_text.h"

#include <array>
#include <charconv>

namespace muster::store {
void append_integer(std::string& out, std::int64_t value) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

}  // namespace muster::store
