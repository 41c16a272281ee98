#include "loader/patience.h"

#include <condition_variable>
#include <mutex>
#include <random>

namespace muster::loader {

Patience::Patience(std::chrono::seconds retry_for, std::stop_token stop)
    : retry_for_(retry_for), stop_(std::move(stop)), backoff_(std::random_device{}()) {}

Result<bool> Patience::wait(const Error& error) {
  if (error.type != ErrorType::kUnexpectedError) return std::unexpected(error);
  const auto now = std::chrono::steady_clock::now();
  if (!first_failure_) first_failure_ = now;
  if (now - *first_failure_ >= retry_for_) return std::unexpected(error);
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any never;
  never.wait_for(lock, stop_, backoff_.next(), [] { return false; });
  return !stop_.stop_requested();
}

}  // namespace muster::loader
