#include "app/open_files.h"

#include <sys/resource.h>

#include <algorithm>

namespace muster::app {
namespace {

constexpr rlim_t kOwnFiles = 128;  // store, log, certificates, event queues, listening sockets

}  // namespace

std::size_t make_room_for_connections(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < wanted + kOwnFiles) {
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted + kOwnFiles);
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) getrlimit(RLIMIT_NOFILE, &limit);
  }
  const rlim_t room = limit.rlim_cur > 2 * kOwnFiles ? limit.rlim_cur - kOwnFiles : kOwnFiles;
  return std::min<std::size_t>(wanted, room);
}

}  // namespace muster::app
