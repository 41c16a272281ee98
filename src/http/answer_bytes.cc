#include "http/answer_bytes.h"

#include "base/limits.h"

namespace muster::http {

bool AnswerBytes::fits(const std::string& client, std::size_t bytes) const {
  if (bytes > 0 && bytes <= limits::kSmallAnswerBytes) return true;
  // As long as all together hold no more than one may, nobody has to be looked up.
  const std::size_t total = total_.load(std::memory_order_relaxed) + bytes;
  if (total < bounds_.per_client_max) return true;
  if (total >= bounds_.max) return false;
  const std::scoped_lock lock(mutex_);
  const auto found = clients_.find(client);
  return found == clients_.end() || found->second + bytes < bounds_.per_client_max;
}

AnswerBytes::Held AnswerBytes::hold(const std::string& client, std::size_t bytes) {
  if (bytes <= limits::kSmallAnswerBytes) return {};
  const std::scoped_lock lock(mutex_);
  Clients::value_type& holder = *clients_.try_emplace(client).first;
  holder.second += bytes;
  total_ += bytes;
  return {*this, holder, bytes};
}

void AnswerBytes::release(Clients::value_type& client, std::size_t bytes) noexcept {
  const std::scoped_lock lock(mutex_);
  total_ -= bytes;
  client.second -= bytes;
  if (client.second == 0) clients_.erase(clients_.find(client.first));
}

}  // namespace muster::http
