// The end of a request on the wire: the answer, and a close that does not destroy it.
#pragma once

#include "http/io.h"
#include "http/message.h"
#include "http/read_buffer.h"
#include "http/response_head.h"
#include "http/server.h"
#include "http/stream.h"

namespace muster::http {

enum class BodySent : bool { kNo, kYes };

// Sends the answer; without its body for HEAD. False: the client is gone or does not read (nothing
// fewer than body_bytes_per_second_min, in windows of write_timeout_ms).
[[nodiscard]] Awaitable<bool> send_response(Stream& stream, const Response& response,
                                            Persistence persistence, BodyEnd end,
                                            BodySent body_sent, const ServerLimits& limits);

// A piece of the body after that; an empty one ends it. The same answer.
[[nodiscard]] Awaitable<bool> send_piece(Stream& stream, std::string_view piece, BodyEnd end,
                                         const ServerLimits& limits);

// "HTTP/1.1 100 Continue". False: the client is gone.
[[nodiscard]] Awaitable<bool> send_continue(Stream& stream, const ServerLimits& limits);

// Closes after the last answer. A socket closed over unread bytes resets the connection, and the
// client, which may well write everything before it reads, never sees the answer: so what still
// comes is read and thrown away, up to linger_bytes_max or linger_timeout_ms; only for a moment
// when the request was read to its end (`more_may_come` false). RFC 9112 9.6.
[[nodiscard]] Awaitable<void> linger(Stream& stream, ReadBuffer& buffer, const ServerLimits& limits,
                                     bool more_may_come);

}  // namespace muster::http
