// Collects the page of a query while the users pass by, in ascending order of ids.
//
//   ScanPage page(scan, domain);
//   for (const UserPtr& user : ...) page.see(user);
//   return page.take();
//
// Holds no more than twice the users up to the page's end, whatever passes by. Not thread-safe;
// keeps references to scan and domain, which outlive it.
#pragma once

#include <cstddef>
#include <vector>

#include "directory/store.h"
#include "store/user_order.h"

namespace muster::store {

class ScanPage {
 public:
  ScanPage(const directory::UserScan& scan, const directory::Domain& domain);

  // A user who may match or not.
  void see(const directory::UserPtr& user) {
    if (user->membership(scan_.vault) != nullptr && scan_.filter.matches(*user, scan_.vault)) {
      add(user);
    }
  }
  // A user who belongs to the page or one of its neighbours, whatever the scan's filter says.
  void add(const directory::UserPtr& user);
  [[nodiscard]] directory::UserPage take();

 private:
  struct Candidate {
    SortKey key;  // the first one; most pairs differ in it
    directory::UserPtr user;
  };

  [[nodiscard]] bool precedes(const Candidate& a, const Candidate& b) const;
  [[nodiscard]] SortKey key_of(const directory::User& user, std::size_t index) const;
  void part_first(std::size_t count);
  void keep_first(std::size_t count);
  [[nodiscard]] std::vector<Candidate>::iterator place(std::size_t index);

  const directory::UserScan& scan_;
  const directory::Domain& domain_;
  std::size_t begin_;  // of the page, within all that match
  std::size_t end_;
  std::size_t seen_ = 0;                   // that match
  std::vector<directory::UserPtr> users_;  // of the page
  std::vector<Candidate> candidates_;      // with an order: who may belong to the page
};

}  // namespace muster::store
