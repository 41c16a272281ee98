// Runs a function on a worker thread while the coroutine waits, without blocking its I/O thread.
//
//   auto place = pool.reserve(client);
//   co_await run_on_worker(pool, std::move(*place), work);   // back on its own thread afterwards
//
// The way back needs no memory: there is no one on a worker thread to whom a failure could be told.
#pragma once

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "http/io.h"
#include "http/worker_pool.h"

namespace muster::http {

// Room for the one operation that resumes the coroutine.
struct HopMemory {
  alignas(std::max_align_t) std::array<std::byte, 256> bytes;
};

// Gives that room to Asio, which is done with it before the coroutine runs on.
template <typename T>
struct HopAllocator {
  using value_type = T;

  explicit HopAllocator(HopMemory& room) noexcept : memory(&room) {}
  template <typename U>
  explicit(false) HopAllocator(const HopAllocator<U>& other) noexcept : memory(other.memory) {}

  [[nodiscard]] T* allocate(std::size_t /*one*/) noexcept {
    static_assert(sizeof(T) <= sizeof(HopMemory) && alignof(T) <= alignof(HopMemory));
    return reinterpret_cast<T*>(memory->bytes.data());
  }
  void deallocate(T* /*place*/, std::size_t /*one*/) noexcept {}
  template <typename U>
  bool operator==(const HopAllocator<U>& other) const noexcept {
    return memory == other.memory;
  }

  HopMemory* memory;
};

// In the frame of the coroutine that waits.
template <typename Work>
struct Hop {
  using Token = boost::asio::use_awaitable_t<Executor>;
  using Resume = typename boost::asio::async_result<Token, void()>::handler_type;

  Work& work;
  std::optional<Resume> resume = {};  // owns the coroutine from the submission on
  HopMemory memory = {};

  // Of a job that is dropped: takes the coroutine along.
  struct Drop {
    void operator()(Hop* hop) const {
      if (hop->resume) const Resume dropped = hop->take_resume();
    }
  };

  Resume take_resume() noexcept {
    Resume taken = std::move(*resume);
    resume.reset();
    return taken;
  }

  void run(WorkerPool::Share share) noexcept {
    work();
    share.give_back();  // first: the client may ask again as soon as it has its answer
    boost::asio::post(boost::asio::bind_allocator(HopAllocator<std::byte>(memory), take_resume()));
  }
};

// `work` must not throw.
template <typename Work>
[[nodiscard]] Awaitable<void> run_on_worker(WorkerPool& pool, WorkerPool::Place place, Work& work) {
  using Waiting = Hop<Work>;
  Waiting hop{work};
  // Made here, where an exception has somewhere to go.
  WorkerPool::Job job = [hop = std::unique_ptr<Waiting, typename Waiting::Drop>(&hop)](
                            WorkerPool::Share share) mutable noexcept {
    hop.release()->run(std::move(share));
  };
  const auto submit = [&](auto resume) noexcept {
    hop.resume.emplace(std::move(resume));
    pool.submit(std::move(place), std::move(job));
  };
  co_await boost::asio::async_initiate<const typename Waiting::Token, void()>(
      submit, boost::asio::use_awaitable_t<Executor>{});
}

}  // namespace muster::http
