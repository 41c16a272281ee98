// The small parts of the server that have a life of their own.
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/metrics.h"
#include "http/client_key.h"
#include "http/io_threads.h"
#include "http/minimum_rate.h"
#include "http/read_buffer.h"
#include "http/refusal.h"
#include "http/response_head.h"
#include "http/server_for_test.h"
#include "http/worker_pool.h"

namespace muster::http {
namespace {

// The last net: an exception leaves io_context::run(), and the loop's other handlers still run.
TEST(IoThreads, GoOnAfterAnExceptionEscapesAHandler) {
  std::atomic<int> escaped = 0;
  IoThreads threads(1, [&](const std::exception_ptr& exception) {
    EXPECT_TRUE(exception);
    ++escaped;
  });
  boost::asio::io_context& context = threads.first().context();
  std::promise<int> survived;
  boost::asio::post(context, [] { throw std::length_error("field value too large"); });
  boost::asio::post(context, [] { throw 42; });
  boost::asio::post(context, [&] { survived.set_value(7); });
  threads.start();
  EXPECT_EQ(survived.get_future().get(), 7);
  EXPECT_EQ(escaped, 2);
}

TEST(ReadBuffer, NeverHoldsMoreThanOneBlock) {
  BlockPool pool;
  ReadBuffer buffer(pool);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.space().size(), limits::kReadBufferBytesMax);
  buffer.append(std::string(limits::kReadBufferBytesMax - 1, 'x') + "y");
  EXPECT_EQ(buffer.space().size(), 0U);
  buffer.consume(limits::kReadBufferBytesMax - 1);
  EXPECT_EQ(buffer.data(), "y");
  EXPECT_EQ(buffer.space().size(), limits::kReadBufferBytesMax - 1);
  EXPECT_EQ(buffer.data(), "y");
  buffer.append("z");
  EXPECT_EQ(buffer.data(), "yz");
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
}

// A pool of one thread, held up until the gate opens, that notes the order of its jobs.
class WorkerPoolTest : public testing::Test {
 protected:
  void hold_up() {
    submit("gate", [this] {
      started_.set_value();
      gate_.get_future().wait();
    });
    started_.get_future().wait();
  }
  void submit(const std::string& client, std::move_only_function<void()> work) {
    auto place = pool_.reserve(client);
    ASSERT_TRUE(place.has_value());
    pool_.submit(std::move(*place),
                 [work = std::move(work)](WorkerPool::Share) mutable { work(); });
  }
  void submit_named(const std::string& client, const std::string& name) {
    ++named_;
    submit(client, [this, name] {
      const std::scoped_lock lock(mutex_);
      done_.push_back(name);
    });
  }
  // Opens the gate; the names of all jobs in the order in which they ran.
  std::vector<std::string> finish() {
    gate_.set_value();
    EXPECT_TRUE(eventually([this] {
      const std::scoped_lock lock(mutex_);
      return done_.size() == named_;
    }));
    const std::scoped_lock lock(mutex_);
    return done_;
  }

  Metrics metrics_;
  std::promise<void> started_;
  std::promise<void> gate_;
  std::mutex mutex_;
  std::vector<std::string> done_;
  std::size_t named_ = 0;
  WorkerPool pool_{1, {.queue_max = 6, .per_client_max = 4}, metrics_.worker_queue};
};

TEST_F(WorkerPoolTest, HasAsManyPlacesAsMayWait) {
  hold_up();
  {
    std::vector<WorkerPool::Place> places;
    places.reserve(6);
    for (int i = 0; i < 6; ++i) {
      places.push_back(*pool_.reserve(std::to_string(i)));
    }
    EXPECT_EQ(pool_.reserve("7").error(), WorkerPool::Full::kQueue);
    places.pop_back();
    EXPECT_TRUE(pool_.reserve("7"));
  }
  submit_named("1", "a");
  EXPECT_EQ(metrics_.worker_queue.Value(), 1);
  EXPECT_EQ(finish(), std::vector<std::string>{"a"});
  EXPECT_EQ(metrics_.worker_queue.Value(), 0);
}

TEST_F(WorkerPoolTest, APlaceThatIsNotUsedComesBack) {
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(pool_.reserve("a")) << i;
}

TEST_F(WorkerPoolTest, AClientHasItsShareAndNoMore) {
  hold_up();
  for (int i = 0; i < 4; ++i) submit_named("a", "a");
  EXPECT_EQ(pool_.reserve("a").error(), WorkerPool::Full::kClient);
  EXPECT_TRUE(pool_.reserve("b"));
  finish();
  EXPECT_TRUE(eventually([this] { return pool_.reserve("a").has_value(); }));
}

TEST_F(WorkerPoolTest, ClientsTakeTurns) {
  hold_up();
  for (const char* name : {"a1", "a2", "a3"}) submit_named("a", name);
  for (const char* name : {"b1", "b2"}) submit_named("b", name);
  EXPECT_EQ(finish(), (std::vector<std::string>{"a1", "b1", "a2", "b2", "a3"}));
}

TEST(ClientKey, IsTheAddressOrTheNetworkOfSixtyFourBits) {
  EXPECT_EQ(client_key("192.0.2.10"), "192.0.2.10");
  EXPECT_EQ(client_key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_key("2001:db8:1:2::9"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_key("::ffff:192.0.2.10"), "192.0.2.10");
  EXPECT_EQ(client_key("a:b"), "a:b");
  EXPECT_EQ(client_key(""), "");
}

TEST(ResponseHead, Fields) {
  Response response{.status = 404, .content_type = "text/csv", .headers = {{"X-A", "b"}}};
  response.body = "1234";
  EXPECT_EQ(response_head(response, Persistence::kClose, BodyEnd::kLength, "D"),
            "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: text/csv\r\nContent-Length: 4\r\n"
            "X-A: b\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(response_head(response, Persistence::kKeepAlive, BodyEnd::kChunked, "D"),
            "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: text/csv\r\n"
            "Transfer-Encoding: chunked\r\nX-A: b\r\n\r\n");
  EXPECT_EQ(response_head(response, Persistence::kClose, BodyEnd::kClose, "D"),
            "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: text/csv\r\n"
            "X-A: b\r\nConnection: close\r\n\r\n");
}

TEST(ResponseHead, DateOfRfc9110) {
  const std::string date(http_date());
  ASSERT_EQ(date.size(), 29U) << date;
  EXPECT_TRUE(date.ends_with(" GMT"));
  EXPECT_EQ(date.substr(3, 2), ", ");
}

TEST(Refusal, EveryReasonHasItsRow) {
  for (int i = 0; i <= static_cast<int>(Refusal::kInternalError); ++i) {
    const auto reason = static_cast<Refusal>(i);
    EXPECT_GE(refusal_status(reason), 400);
    EXPECT_FALSE(refusal_text(reason).empty());
  }
}

TEST(MinimumRate, BytesThatCameFastEarnNothingForLater) {
  MinimumRate rate(500, 20'000);
  const TimePoint first = rate.deadline();
  rate.count(9'999);
  EXPECT_EQ(rate.deadline(), first);  // one byte short: the window runs on
  rate.count(1'000'000);
  const TimePoint second = rate.deadline();
  EXPECT_GE(second, first);
  EXPECT_LE(second, after_ms(20'000));  // a whole new window, not the half hour a megabyte is worth
  rate.count(1);
  EXPECT_EQ(rate.deadline(), second);
}

}  // namespace
}  // namespace muster::http
