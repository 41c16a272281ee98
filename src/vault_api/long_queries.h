// Queries that do not fit into a page link, kept until their pages were read (protocol 5.5).
//
//   std::string id = queries.keep(text, random, now);   // for the link
//   std::optional<std::string> text = queries.find(id, now);
//
// Short queries travel in the link itself and need nothing here, so that pages survive a restart
// and cost no memory. Bounded: 15 minutes, kLongQueriesBytesMax in all, the oldest go first.
// Thread-safe.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "directory/secrets.h"

namespace muster::vault_api {

class LongQueries {
 public:
  // An id nobody can guess. `now` is steady time.
  [[nodiscard]] std::string keep(std::string_view text, directory::RandomSource& random,
                                 std::chrono::milliseconds now);
  [[nodiscard]] std::optional<std::string> find(std::string_view id,
                                                std::chrono::milliseconds now) const;

 private:
  struct Kept {
    std::string id;
    std::string text;
    std::chrono::milliseconds until;
  };

  void drop_oldest();

  mutable std::mutex mutex_;
  std::deque<Kept> kept_;  // oldest first
  std::size_t bytes_ = 0;
};

}  // namespace muster::vault_api
