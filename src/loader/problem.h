// What is wrong with a file, and where: "people.csv:12:7: text after a closing quote".
// Values only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "loader/limits.h"

namespace muster::loader {

struct Problem {
  std::uint64_t line = 0;    // 1-based; 0: the file as a whole
  std::uint64_t column = 0;  // 1-based, in characters
  std::string message;
  friend bool operator==(const Problem&, const Problem&) = default;
};

// All problems are counted, the first kProblemsShownMax are kept.
class ProblemList {
 public:
  void add(Problem problem) {
    if (count_++ < limits::kProblemsShownMax) shown_.push_back(std::move(problem));
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<Problem>& shown() const { return shown_; }

 private:
  std::uint64_t count_ = 0;
  std::vector<Problem> shown_;
};

}  // namespace muster::loader
