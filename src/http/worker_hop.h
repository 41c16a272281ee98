// Runs a function on a worker thread while the coroutine waits, without blocking its I/O thread.
//
//   if (!pool.reserve()) ...
//   co_await run_on_worker(pool, work);   // back on the connection's thread afterwards
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "http/io.h"
#include "http/worker_pool.h"

namespace muster::http {

// `work` must not throw and must live until the coroutine goes on.
// REQUIRES: a place in `pool` was reserved.
template <typename Work>
[[nodiscard]] Awaitable<void> run_on_worker(WorkerPool& pool, Work& work) {
  const auto submit = [&pool, &work](auto resume) {
    pool.submit([&work, resume = std::move(resume)]() mutable {
      work();
      boost::asio::post(std::move(resume));
    });
  };
  constexpr boost::asio::use_awaitable_t<Executor> kToken;
  co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<Executor>, void()>(
      submit, kToken);
}

}  // namespace muster::http
