#include "store/user_scan.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "store/user_order.h"

namespace muster::store {
namespace {

using directory::User;
using directory::UserPtr;

std::size_t at_least_zero(std::int64_t number) {
  return static_cast<std::size_t>(std::max<std::int64_t>(number, 0));
}

}  // namespace

ScanPage::ScanPage(const directory::UserScan& scan, const directory::Domain& domain)
    : scan_(scan),
      domain_(domain),
      begin_(at_least_zero(scan.start)),
      end_(begin_ + at_least_zero(scan.limit)) {}

void ScanPage::add(const UserPtr& user) {
  const std::size_t place = seen_++;
  if (scan_.order.empty()) {  // they come as they are wanted
    if (begin_ <= place && place < end_) users_.push_back(user);
    return;
  }
  if (begin_ == end_) return;
  candidates_.push_back({key_of(*user, 0), user});
  // Sorting now and then costs less than keeping the candidates sorted, and bounds them as well.
  constexpr std::size_t kCandidatesMin = 4096;
  if (candidates_.size() >= 2 * std::max(end_, kCandidatesMin)) keep_first(end_);
}

bool ScanPage::precedes(const Candidate& a, const Candidate& b) const {
  int order = compare_keys(a.key, b.key);
  for (std::size_t i = 0;; order = compare_keys(key_of(*a.user, i), key_of(*b.user, i))) {
    if (order != 0) return scan_.order[i].descending ? order > 0 : order < 0;
    if (++i == scan_.order.size()) return a.user->id < b.user->id;
  }
}

SortKey ScanPage::key_of(const User& user, std::size_t index) const {
  return sort_key(user, scan_.order[index].field, scan_.vault, domain_);
}

// Moves the `count` first candidates before all others.
void ScanPage::part_first(std::size_t count) {
  if (candidates_.size() <= count) return;
  std::ranges::nth_element(
      candidates_, candidates_.begin() + static_cast<std::ptrdiff_t>(count),
      [this](const Candidate& a, const Candidate& b) { return precedes(a, b); });
}

void ScanPage::keep_first(std::size_t count) {
  part_first(count);
  if (candidates_.size() > count) candidates_.erase(place(count), candidates_.end());
}

std::vector<ScanPage::Candidate>::iterator ScanPage::place(std::size_t index) {
  return candidates_.begin() + static_cast<std::ptrdiff_t>(std::min(index, candidates_.size()));
}

directory::UserPage ScanPage::take() {
  const auto total = static_cast<std::int64_t>(seen_);
  if (scan_.order.empty()) return {std::move(users_), total};
  keep_first(end_);
  part_first(begin_);  // only the page itself is sorted
  std::sort(place(begin_), place(end_),
            [this](const Candidate& a, const Candidate& b) { return precedes(a, b); });
  for (auto candidate = place(begin_); candidate != candidates_.end(); ++candidate) {
    users_.push_back(std::move(candidate->user));
  }
  return {std::move(users_), total};
}

}  // namespace muster::store
