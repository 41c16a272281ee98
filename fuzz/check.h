// What the fuzz targets share: random cuts from the input itself, and a check that stops the
// fuzzer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace muster::fuzz {

inline void check(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", what);
  std::abort();
}

// Places to cut a body of `size` bytes: close together for an even seed, anywhere for an odd one.
inline std::vector<std::size_t> cuts(std::size_t size, std::uint8_t seed) {
  std::vector<std::size_t> places;
  const std::size_t step_max = seed % 2 == 0 ? 3 : size / 2 + 1;
  std::uint32_t state = seed + 1U;
  for (std::size_t at = 0;;) {
    state = state * 1664525U + 1013904223U;
    at += 1 + (state >> 16U) % step_max;
    if (at >= size) return places;
    places.push_back(at);
  }
}

}  // namespace muster::fuzz
