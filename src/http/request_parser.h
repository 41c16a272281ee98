// Reads one request, header and body, by rules so strict that no other reader can see anything
// else in the same bytes.
//
//   Request request;
//   RequestParser parser(request);
//   auto step = parser.next(buffered);   // consume step.consumed bytes, then call again
//
// What it refuses is listed in refusal.h. The outcome does not depend on how the bytes arrive.
// It holds no input: header fields are copied into `request` (at most limits::kHeaderFieldsMax),
// body bytes are handed out as views into the caller's buffer. One parser reads one request.
// Not thread-safe. RFC 9112; the rules beyond it are explained in docs/adr/0004.
#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/framing.h"
#include "http/message.h"
#include "http/refusal.h"

namespace muster::http {

class RequestParser : private boost::beast::http::basic_parser<true> {
 public:
  // Fills `request`, which must outlive the parser.
  explicit RequestParser(Request& request);

  struct Step {
    std::size_t consumed = 0;    // bytes of `input` that are used up; 0: more input is needed
    std::string_view body = {};  // body bytes among them, a view into `input`
    std::optional<Refusal> refusal = {};  // the request must be refused; no further call is allowed
  };

  // The next element at the front of `input`: the whole header, a chunk line, a piece of the body.
  // REQUIRES: not done(), nothing refused so far. `input` begins with the bytes not yet consumed.
  [[nodiscard]] Step next(std::string_view input);

  [[nodiscard]] bool header_done() const { return is_header_done(); }
  [[nodiscard]] bool done() const { return is_done(); }

  // The following need header_done().
  // The client wants to go on using the connection.
  [[nodiscard]] bool wants_keep_alive() const { return keep_alive(); }
  [[nodiscard]] bool is_http_1_0() const { return version_ == 10; }
  [[nodiscard]] bool expects_continue() const { return expects_continue_; }
  // Body bytes still to come; nullopt when chunked.
  [[nodiscard]] std::optional<std::uint64_t> body_remaining() const;

 private:
  using Base = boost::beast::http::basic_parser<true>;
  using Field = boost::beast::http::field;
  using ErrorCode = boost::beast::error_code;
  using StringView = boost::beast::string_view;

  [[nodiscard]] Step read_header(std::string_view input);
  [[nodiscard]] Step read_chunk_line(std::string_view input);
  [[nodiscard]] Step put_exactly(std::string_view element);
  void refuse(Refusal reason, ErrorCode& error);
  [[nodiscard]] std::optional<Refusal> check_field(Field field, std::string_view value);
  [[nodiscard]] std::optional<Refusal> check_framing(Field field, std::string_view value);
  [[nodiscard]] std::optional<Refusal> check_expectation(std::string_view value);

  void on_request_impl(boost::beast::http::verb verb, StringView method, StringView target,
                       int version, ErrorCode& error) override;
  void on_response_impl(int status, StringView reason, int version, ErrorCode& error) override;
  void on_field_impl(Field field, StringView name, StringView value, ErrorCode& error) override;
  void on_header_impl(ErrorCode& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode& error) override;
  std::size_t on_body_impl(StringView body, ErrorCode& error) override;
  void on_chunk_header_impl(std::uint64_t size, StringView extensions, ErrorCode& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remaining, StringView body,
                                 ErrorCode& error) override;
  void on_finish_impl(ErrorCode& error) override;

  Request& request_;
  HeaderScan scan_;
  std::optional<Refusal> refusal_;  // set by a callback, taken by next()
  std::string_view body_;           // set by a callback, taken by next()
  std::uint64_t chunk_remaining_ = 0;
  int version_ = 11;
  int hosts_ = 0;
  int framings_ = 0;  // Content-Length and Transfer-Encoding fields
  bool header_seen_ = false;
  bool after_chunk_ = false;  // the next chunk line begins with the line end of a chunk
  bool expects_continue_ = false;
  bool expectation_seen_ = false;
};

}  // namespace muster::http
