// For tests of the loader: files as strings, problems as lines.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "loader/problem.h"
#include "loader/record_reader.h"

namespace muster::loader {

// `text`, at most `step` bytes at a time. It outlives the source.
inline ByteSource source_of(std::string_view text, std::size_t step = 1 << 20) {
  return [text, step](std::span<char> into) mutable -> Result<std::size_t> {
    const std::size_t count = std::min({step, into.size(), text.size()});
    std::memcpy(into.data(), text.data(), count);
    text.remove_prefix(count);
    return count;
  };
}

inline std::vector<std::string> texts_of(const ProblemList& problems) {
  std::vector<std::string> texts;
  for (const Problem& problem : problems.shown()) {
    texts.push_back(std::to_string(problem.line) + ":" + std::to_string(problem.column) + ": " +
                    problem.message);
  }
  return texts;
}

}  // namespace muster::loader
