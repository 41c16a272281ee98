#include "http/open_connections.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

#include "http/client_key.h"

namespace muster::http {
namespace {

// So many parts of the bound are cut at once: in a storm the search is not paid for each.
constexpr std::size_t kCutParts = 128;

struct Candidate {
  std::size_t held;
  TimePoint idle_since;
  std::shared_ptr<OpenConnection> connection;

  [[nodiscard]] bool goes_before(const Candidate& other) const {
    return held != other.held ? held > other.held : idle_since < other.idle_since;
  }
};

}  // namespace

OpenConnections::OpenConnections(Bounds bounds, OnCut on_cut)
    : bounds_(std::move(bounds)), on_cut_(std::move(on_cut)) {}

std::expected<std::shared_ptr<OpenConnection>, Refusal> OpenConnections::admit(
    const std::string& peer, boost::asio::io_context& home) {
  const std::scoped_lock lock(mutex_);
  const std::string key = client_key(peer);
  const auto known = holders_.find(key);
  if (!trusted(peer) && known != holders_.end() &&
      known->second.staying() >= bounds_.per_client_max &&
      !make_room(&*known, bounds_.per_client_max)) {
    return std::unexpected(Refusal::kClientConnectionsTooMany);
  }
  if (all_.size() - leaving_ >= bounds_.max && !make_room(nullptr, bounds_.max)) {
    return std::unexpected(Refusal::kConnectionsTooMany);
  }
  all_.reserve(all_.size() + 1);
  std::shared_ptr<OpenConnection> connection(new OpenConnection(home));
  Holder* holder = trusted(peer) ? nullptr : &*holders_.try_emplace(key).first;
  connection->index_ = all_.size();
  all_.push_back(connection);
  connection->holder_ = holder;
  if (holder != nullptr) ++holder->second.open;
  return connection;
}

void OpenConnections::remove(OpenConnection& connection) noexcept {
  const std::scoped_lock lock(mutex_);
  set_leaving(connection, false);
  Holder* holder = connection.holder_;
  if (holder != nullptr && --holder->second.open == 0) holders_.erase(holders_.find(holder->first));
  const std::size_t index = connection.index_;
  std::swap(all_[index], all_.back());
  all_[index]->index_ = index;
  all_.pop_back();  // whoever calls holds it as well
}

std::vector<std::string> OpenConnections::requests() const {
  const std::scoped_lock lock(mutex_);
  std::vector<std::string> named;
  for (const auto& connection : all_) {
    const Request* request = connection->request_;
    if (request != nullptr) named.push_back(request->method + " " + std::string(request->path));
  }
  return named;
}

bool OpenConnections::trusted(const std::string& peer) const {
  return std::ranges::any_of(bounds_.trusted_peers,
                             [&](const AddressRange& range) { return range.contains(peer); });
}

// Of the client alone, unless that is null. False: nobody can go.
bool OpenConnections::make_room(const Holder* only_of, std::size_t bound) {
  std::vector<Candidate> candidates;
  for (const auto& connection : all_) {
    const Holder* holder = connection->holder_;
    const TimePoint since = connection->idle_since_;
    if (connection->leaving_ || since == TimePoint::max()) continue;
    if (only_of != nullptr && holder != only_of) continue;
    candidates.push_back({holder == nullptr ? 1 : holder->second.staying(), since, connection});
  }
  const std::size_t wanted = std::max<std::size_t>(1, bound / kCutParts);
  const auto end =
      candidates.begin() + static_cast<std::ptrdiff_t>(std::min(wanted, candidates.size()));
  std::ranges::partial_sort(candidates, end, &Candidate::goes_before);
  std::for_each(candidates.begin(), end,
                [this](const Candidate& chosen) { cut(chosen.connection); });
  return !candidates.empty();
}

void OpenConnections::cut(const std::shared_ptr<OpenConnection>& connection) {
  boost::asio::post(connection->home_, [this, connection] {
    // Gone already, not begun, or a request came meanwhile.
    if (connection->stream_ != nullptr && connection->request_ == nullptr) {
      on_cut_();
      return connection->stream_->cut();
    }
    const std::scoped_lock lock(mutex_);
    set_leaving(*connection, false);
  });
  set_leaving(*connection, true);
}

void OpenConnections::set_leaving(OpenConnection& connection, bool leaving) {
  if (std::exchange(connection.leaving_, leaving) == leaving) return;
  const auto change = leaving ? std::size_t{1} : ~std::size_t{0};
  leaving_ += change;
  if (connection.holder_ != nullptr) connection.holder_->second.leaving += change;
}

}  // namespace muster::http
