#include "base/log_queue.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <sstream>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "base/metrics.h"

namespace muster::log {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::string gap_line(std::uint64_t lines) { return "gap " + std::to_string(lines) + "\n"; }

// A queue whose lines go into a pipe that is read when the test says so.
class LogQueueTest : public testing::Test {
 protected:
  ~LogQueueTest() override { ::close(pipe_[0]); }

  // Everything that comes until the queue is closed.
  std::vector<std::string> read_to_the_end() {
    std::thread closing([this] {
      queue_.close();
      writer_.join();
      ::close(pipe_[1]);
    });
    std::string text;
    std::array<char, 64UL * 1024> block{};
    for (ssize_t got = 1; got > 0;) {
      got = ::read(pipe_[0], block.data(), block.size());
      if (got > 0) text.append(block.data(), static_cast<std::size_t>(got));
    }
    closing.join();
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
  }

  static std::array<int, 2> make_pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    return ends;
  }

  const std::array<int, 2> pipe_ = make_pipe();
  Metrics metrics_;
  LogQueue queue_{pipe_[1], metrics_.log_lines_dropped, gap_line};
  std::thread writer_{[this] { queue_.run(); }};
};

TEST_F(LogQueueTest, KeepsTheOrder) {
  std::vector<std::string> pushed;
  for (int i = 0; i < 1000; ++i) {
    pushed.push_back(std::to_string(i));
    queue_.push(pushed.back() + "\n");
  }
  EXPECT_EQ(read_to_the_end(), pushed);
  EXPECT_EQ(metrics_.log_lines_dropped.Value(), 0);
}

TEST_F(LogQueueTest, FlushedLinesAreWritten) {
  for (int i = 0; i < 100; ++i) {
    queue_.push("line\n");
    ASSERT_TRUE(queue_.flush(seconds(20)));
    std::array<char, 10> got{};
    ASSERT_EQ(::read(pipe_[0], got.data(), got.size()), 5);
  }
  EXPECT_TRUE(read_to_the_end().empty());
}

TEST_F(LogQueueTest, NobodyWaitsForTheReader) {
  const std::string padding(1000, 'x');
  constexpr int kLines = 20'000;  // 20 MB into a pipe that nobody reads
  for (int i = 0; i < kLines; ++i) queue_.push(std::to_string(i) + " " + padding + "\n");
  EXPECT_FALSE(queue_.flush(milliseconds(50)));
  const auto dropped = static_cast<std::size_t>(metrics_.log_lines_dropped.Value());
  EXPECT_GT(dropped, 10'000U);

  std::size_t missing = 0;  // a gap is told where it is, and there may be several
  int expected = 0;
  for (const std::string& line : read_to_the_end()) {
    if (line.starts_with("gap ")) {
      const int gap = std::stoi(line.substr(4));
      missing += static_cast<std::size_t>(gap);
      expected += gap;
    } else {
      ASSERT_EQ(line, std::to_string(expected++) + " " + padding);
    }
  }
  EXPECT_EQ(missing, dropped);
  EXPECT_EQ(expected, kLines);  // the newest are there
}

}  // namespace
}  // namespace muster::log
