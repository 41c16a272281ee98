// The small parts of the server that have a life of their own.
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <future>
#include <stdexcept>
#include <string>

#include "base/limits.h"
#include "base/metrics.h"
#include "http/io_threads.h"
#include "http/minimum_rate.h"
#include "http/read_buffer.h"
#include "http/refusal.h"
#include "http/response_head.h"
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

TEST(WorkerPool, ReservesAsManyPlacesAsMayWait) {
  Metrics metrics;
  std::promise<void> gate;
  std::promise<void> started;
  std::atomic<int> done = 0;
  {
    WorkerPool pool(1, 2, metrics.worker_queue);
    ASSERT_TRUE(pool.reserve());
    pool.submit([&] {
      started.set_value();
      gate.get_future().wait();
      ++done;
    });
    started.get_future().wait();
    EXPECT_TRUE(pool.reserve());
    EXPECT_TRUE(pool.reserve());
    EXPECT_FALSE(pool.reserve());
    pool.submit([&] { ++done; });
    EXPECT_EQ(metrics.worker_queue.Value(), 1);
    gate.set_value();
    while (done < 2) std::this_thread::yield();
    EXPECT_TRUE(pool.reserve());
  }
  EXPECT_EQ(metrics.worker_queue.Value(), 0);
}

TEST(ResponseHead, Fields) {
  Response response{.status = 404, .content_type = "text/csv", .headers = {{"X-A", "b"}}};
  response.body = "1234";
  EXPECT_EQ(response_head(response, Persistence::kClose, "D"),
            "HTTP/1.1 404 Not Found\r\nDate: D\r\nContent-Type: text/csv\r\nContent-Length: 4\r\n"
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
