// The bytes of answers that wait until their clients have read them: in all, and of each client.
//
//   if (answers.full(client)) ... begin nothing more for it
//   if (!answers.fits(client, bytes)) ... a small answer instead
//   const AnswerBytes::Held held = answers.hold(client, bytes);   // while it is sent
//
// The bound is kept by asking: threads that ask at the same moment may go beyond it by an answer
// each. Answers up to limits::kSmallAnswerBytes fit into the socket and are not counted; they cost
// nothing here. Thread-safe; the counter outlives what is held.
#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>

namespace muster::http {

class AnswerBytes {
  using Clients = std::unordered_map<std::string, std::size_t>;

 public:
  struct Bounds {
    std::size_t max;
    std::size_t per_client_max;
  };

  class Held {
   public:
    Held() = default;
    Held(Held&& other) noexcept
        : answers_(std::exchange(other.answers_, nullptr)),
          client_(other.client_),
          bytes_(other.bytes_) {}
    Held& operator=(Held&&) = delete;
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() {
      if (answers_ != nullptr) answers_->release(*client_, bytes_);
    }

   private:
    friend class AnswerBytes;
    Held(AnswerBytes& answers, Clients::value_type& client, std::size_t bytes)
        : answers_(&answers), client_(&client), bytes_(bytes) {}

    AnswerBytes* answers_ = nullptr;
    Clients::value_type* client_ = nullptr;
    std::size_t bytes_ = 0;
  };

  explicit AnswerBytes(Bounds bounds) : bounds_(bounds) {}

  [[nodiscard]] bool full(const std::string& client) const { return !fits(client, 0); }
  [[nodiscard]] bool fits(const std::string& client, std::size_t bytes) const;
  [[nodiscard]] Held hold(const std::string& client, std::size_t bytes);

 private:
  void release(Clients::value_type& client, std::size_t bytes) noexcept;

  const Bounds bounds_;
  std::atomic<std::size_t> total_ = 0;
  mutable std::mutex mutex_;
  Clients clients_;  // those that hold something
};

}  // namespace muster::http
