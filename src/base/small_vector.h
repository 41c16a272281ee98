// A vector whose first elements lie in the object itself: no allocation while it has at most
// kInside.
#pragma once

#include <boost/container/small_vector.hpp>
#include <cstddef>

namespace muster {

template <typename Element, std::size_t kInside>
using SmallVector = boost::container::small_vector<Element, kInside>;

}  // namespace muster
