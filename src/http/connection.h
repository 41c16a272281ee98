// One client connection: reads requests one after another, feeds the service, sends the answers.
//
//   co_spawn(executor, serve_connection(std::move(socket), serving, blocks, open), on_end);
//
// Runs on one I/O thread from beginning to end; only Exchange::finish() runs elsewhere, and the
// connection does nothing meanwhile. RFC 9112; protocol documentation, "HTTP status codes" and
// "early answer".
#pragma once

#include "http/io.h"
#include "http/read_buffer.h"
#include "http/serving.h"

namespace muster::http {

// Ends when the connection does. `serving`, `blocks` and `open` must outlive it.
[[nodiscard]] Awaitable<void> serve_connection(Socket socket, Serving& serving, BlockPool& blocks,
                                               OpenConnection& open);

}  // namespace muster::http
