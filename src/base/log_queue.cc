#include "base/log_queue.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <string_view>
#include <utility>

#include "base/limits.h"

namespace muster::log {
namespace {

// Lines that come within this time are written at once: one wake-up and one write for many.
constexpr std::chrono::milliseconds kGather{5};
constexpr std::size_t kWriteBytes = 64 * limits::kKiB;

}  // namespace

LogQueue::LogQueue(int descriptor, prometheus::Counter& dropped, GapLine gap_line)
    : descriptor_(descriptor), dropped_(dropped), gap_line_(gap_line) {
  buffer_.reserve(kWriteBytes);
}

void LogQueue::push(std::string line) {
  std::size_t dropped = 0;
  bool wake = false;
  {
    const std::scoped_lock lock(mutex_);
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    while (bytes_ > limits::kLogQueueBytesMax) {
      bytes_ -= lines_.front().size();
      lines_.pop_front();
      ++dropped;
    }
    gap_ += dropped;
    wake = std::exchange(asleep_, false);
  }
  if (wake) work_.notify_one();
  if (dropped > 0) dropped_.Increment(static_cast<double>(dropped));
}

void LogQueue::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    asleep_ = lines_.empty();
    work_.wait(lock, [this] { return !lines_.empty() || closed_; });
    if (lines_.empty()) return;
    work_.wait_for(lock, kGather, [this] { return urgent_ || closed_; });
    std::deque<std::string> lines;
    lines.swap(lines_);
    bytes_ = 0;
    const std::uint64_t gap = std::exchange(gap_, 0);
    writing_ = true;
    lock.unlock();
    if (gap > 0) write_gap(gap);
    for (const std::string& line : lines) write(line);
    write_out();
    lock.lock();
    writing_ = false;
    if (!lines_.empty()) continue;
    urgent_ = false;
    written_.notify_all();
  }
}

void LogQueue::close() {
  const std::scoped_lock lock(mutex_);
  closed_ = true;
  work_.notify_all();
}

bool LogQueue::flush(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  urgent_ = true;
  work_.notify_all();
  return written_.wait_for(lock, patience, [this] { return lines_.empty() && !writing_; });
}

void LogQueue::write_gap(std::uint64_t lines) {
  try {
    write(gap_line_(lines));
  } catch (const std::bad_alloc&) {  // NOLINT(bugprone-empty-catch): the counter tells it as well
  }
}

void LogQueue::write(const std::string& line) {
  if (buffer_.size() + line.size() > buffer_.capacity()) write_out();
  buffer_ += line;
}

// What cannot be written is lost: there is nobody left to tell.
void LogQueue::write_out() {
  std::string_view rest = buffer_;
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written > 0) {
      rest.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd writable{.fd = descriptor_, .events = POLLOUT, .revents = 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      break;
    }
  }
  buffer_.clear();
}

}  // namespace muster::log
