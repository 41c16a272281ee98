// Takes connections and gives each to the least loaded I/O thread.
//
//   auto acceptor = open_acceptor(context, "127.0.0.1", 8080);
//   co_spawn(executor, accept_connections(*acceptor, threads, serving), ...);
#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include "base/result.h"
#include "http/io.h"
#include "http/io_threads.h"
#include "http/serving.h"

namespace muster::http {

// Bound and listening. Errors: kUnexpectedError with a text for the operator.
[[nodiscard]] Result<Acceptor> open_acceptor(boost::asio::io_context& context,
                                             const std::string& address, std::uint16_t port);

// Until the acceptor is closed. A connection beyond the bounds takes the place of an idle one, or
// is closed when there is none; when the process has no descriptors left it pauses instead of
// spinning.
[[nodiscard]] Awaitable<void> accept_connections(Acceptor& acceptor, IoThreads& threads,
                                                 Serving& serving);

// Counts and logs what no handler caught.
void report_escape(Metrics& metrics, const std::exception_ptr& exception) noexcept;

}  // namespace muster::http
