// The open connections: how many there are, whose they are, and which of them may go when there are
// too many.
//
//   auto connection = open.admit(peer, home);     // on the accepting thread
//   if (!connection) ... refusal
//   connection->attach(&stream);                  // on the connection's own thread, from here on
//   const OpenConnection::Running running(*connection, request);
//   open.remove(*connection);
//
// A connection without a running request may be cut to make room: the one that has been idle
// longest, of the client that holds the most. Clients that are trusted to speak for others have no
// bound of their own and count as one.
//
// admit(), the end of a connection and cut_off() take a lock; a request does not.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <expected>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address_range.h"
#include "http/io.h"
#include "http/message.h"
#include "http/refusal.h"
#include "http/stream.h"

namespace muster::http {

// How many connections of one client there are, and how many of them were cut and are on their way
// out.
struct ConnectionHolder {
  std::size_t open = 0;
  std::size_t leaving = 0;
  [[nodiscard]] std::size_t staying() const { return open - leaving; }
};

class OpenConnection {
 public:
  // A request runs: the connection is not to be cut.
  class Running {
   public:
    Running(OpenConnection& connection, const Request& request) : connection_(connection) {
      connection_.request_ = &request;
      connection_.idle_since_ = TimePoint::max();
    }
    ~Running() {
      connection_.request_ = nullptr;
      connection_.idle_since_ = Clock::now();
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    OpenConnection& connection_;
  };

  // Null: the stream goes.
  void attach(Stream* stream) { stream_ = stream; }

 private:
  friend class OpenConnections;
  using Holder = std::pair<const std::string, ConnectionHolder>;

  explicit OpenConnection(boost::asio::io_context& home) : home_(home) {}

  boost::asio::io_context& home_;
  Holder* holder_ = nullptr;  // null: of a trusted peer
  std::atomic<TimePoint> idle_since_ = Clock::now();
  Stream* stream_ = nullptr;          // of the home thread
  const Request* request_ = nullptr;  // of the home thread, while it runs
  std::size_t index_ = 0;             // in OpenConnections::all_
  bool leaving_ = false;
};

class OpenConnections {
 public:
  struct Bounds {
    std::size_t max;
    std::size_t per_client_max;
    std::vector<AddressRange> trusted_peers;
  };
  // Called for each connection that has to make room. Must not throw.
  using OnCut = std::function<void()>;

  OpenConnections(Bounds bounds, OnCut on_cut);

  // kConnectionsTooMany or kClientConnectionsTooMany: all others run requests.
  [[nodiscard]] std::expected<std::shared_ptr<OpenConnection>, Refusal> admit(
      const std::string& peer, boost::asio::io_context& home);
  void remove(OpenConnection& connection) noexcept;

  // Method and path of the requests that run. REQUIRES: no connection's thread runs any more.
  [[nodiscard]] std::vector<std::string> requests() const;

 private:
  using Holder = OpenConnection::Holder;

  [[nodiscard]] bool trusted(const std::string& peer) const;
  [[nodiscard]] bool make_room(const Holder* only_of, std::size_t bound);
  void cut(const std::shared_ptr<OpenConnection>& connection);
  void set_leaving(OpenConnection& connection, bool leaving);

  const Bounds bounds_;
  const OnCut on_cut_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, ConnectionHolder> holders_;
  std::vector<std::shared_ptr<OpenConnection>> all_;
  std::size_t leaving_ = 0;  // of all_
};

}  // namespace muster::http
