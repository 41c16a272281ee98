#include "http/request_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/verb.hpp>

#include "base/assert.h"
#include "base/limits.h"
#include "base/text.h"

namespace muster::http {
namespace {

namespace beast_http = boost::beast::http;

bool is_known(beast_http::verb verb) {
  switch (verb) {
    case beast_http::verb::get:
    case beast_http::verb::post:
    case beast_http::verb::put:
    case beast_http::verb::delete_:
    case beast_http::verb::options:
    case beast_http::verb::head:
    case beast_http::verb::patch:
      return true;
    default:
      return false;
  }
}

// What the library's parser found before the guard was asked.
Refusal translate(const boost::beast::error_code& code, bool framing_seen) {
  using beast_http::error;
  if (code == error::bad_method || code == error::bad_target) return Refusal::kRequestLine;
  if (code == error::bad_version) return Refusal::kVersion;
  if (code == error::bad_field || code == error::bad_value) return Refusal::kFieldSyntax;
  if (code == error::bad_content_length && !framing_seen) return Refusal::kContentLength;
  if (code == error::bad_content_length || code == error::multiple_content_length ||
      code == error::bad_transfer_encoding) {
    return Refusal::kFramingRepeated;
  }
  return Refusal::kParser;
}

}  // namespace

RequestParser::RequestParser(Request& request) : request_(request) {
  // Both are counted elsewhere: the header by the scan, the body by the connection.
  header_limit(static_cast<std::uint32_t>(limits::kHeaderBytesMax));
  body_limit(boost::none);
}

RequestParser::Step RequestParser::next(std::string_view input) {
  MUSTER_ASSERT(!done() && !refusal_);
  if (input.empty()) return {};
  if (!header_done()) return read_header(input);
  if (!chunked()) return put_exactly(input.substr(0, *body_remaining()));
  if (chunk_remaining_ == 0) return read_chunk_line(input);
  return put_exactly(input.substr(0, chunk_remaining_));
}

// The library's parser sees a header only when it is complete: it works differently on parts.
RequestParser::Step RequestParser::read_header(std::string_view input) {
  refusal_ = scan_.advance(input);
  if (refusal_) return {.refusal = refusal_};
  if (!scan_.complete()) return {};
  return put_exactly(input.substr(0, scan_.size()));
}

RequestParser::Step RequestParser::read_chunk_line(std::string_view input) {
  const ChunkLine line = check_chunk_line(input, after_chunk_);
  refusal_ = line.refusal;
  if (refusal_ || line.bytes == 0) return {.refusal = refusal_};
  return put_exactly(input.substr(0, line.bytes));
}

// The guard and the library must agree on where an element ends; if not, the request is refused.
RequestParser::Step RequestParser::put_exactly(std::string_view element) {
  body_ = {};
  ErrorCode error;
  const std::size_t used = put(boost::asio::const_buffer(element.data(), element.size()), error);
  if (!refusal_ && error) refusal_ = translate(error, framings_ > 0);
  if (!refusal_ && used != element.size()) refusal_ = Refusal::kParser;
  if (refusal_) return {.refusal = refusal_};
  return {.consumed = used, .body = body_};
}

std::optional<std::uint64_t> RequestParser::body_remaining() const {
  if (chunked()) return std::nullopt;
  return content_length_remaining().value_or(0);
}

void RequestParser::refuse(Refusal reason, ErrorCode& error) {
  refusal_ = reason;
  error = beast_http::error::bad_field;  // any code stops the library; the reason is ours
}

void RequestParser::on_request_impl(beast_http::verb verb, StringView method, StringView target,
                                    int version, ErrorCode& error) {
  if (!is_known(verb)) return refuse(Refusal::kMethod, error);
  if (target.size() > limits::kTargetBytesMax) return refuse(Refusal::kTargetTooLong, error);
  if (!is_plain_target(target)) return refuse(Refusal::kTarget, error);
  version_ = version;
  request_.method = method;
  request_.target = target;
  const std::string_view whole = request_.target;
  const std::size_t mark = whole.find('?');
  request_.path = whole.substr(0, mark);
  request_.query = mark == std::string_view::npos ? "" : whole.substr(mark + 1);
}

void RequestParser::on_field_impl(Field field, StringView name, StringView value,
                                  ErrorCode& error) {
  // Trailers would be merged into fields that were judged already.
  if (header_seen_) return refuse(Refusal::kTrailer, error);
  if (request_.headers.size() == limits::kHeaderFieldsMax) {
    return refuse(Refusal::kFieldsTooMany, error);
  }
  if (const auto reason = check_field(field, value)) return refuse(*reason, error);
  request_.headers.add(name, value);
}

std::optional<Refusal> RequestParser::check_field(Field field, std::string_view value) {
  if (value.size() > limits::kHeaderValueBytesMax) return Refusal::kValueTooLong;
  if (value.contains('\t')) return Refusal::kHeaderByte;
  switch (field) {
    case Field::host:
      if (++hosts_ > 1) return Refusal::kHostRepeated;
      return is_host(value) ? std::nullopt : std::optional(Refusal::kHostInvalid);
    case Field::content_length:
    case Field::transfer_encoding:
      return check_framing(field, value);
    case Field::expect:
      return check_expectation(value);
    default:
      return std::nullopt;
  }
}

std::optional<Refusal> RequestParser::check_framing(Field field, std::string_view value) {
  if (++framings_ > 1) return Refusal::kFramingRepeated;
  if (field == Field::transfer_encoding) {
    if (version_ < 11) return Refusal::kTransferEncodingVersion;
    if (!equals_ignoring_case(value, "chunked")) return Refusal::kTransferEncoding;
    request_.chunked = true;
    return std::nullopt;
  }
  if (!is_content_length(value)) return Refusal::kContentLength;
  request_.content_length = parse_digits<std::uint64_t>(value);
  return std::nullopt;
}

std::optional<Refusal> RequestParser::check_expectation(std::string_view value) {
  if (expectation_seen_ || !equals_ignoring_case(value, "100-continue")) {
    return Refusal::kExpectation;
  }
  expectation_seen_ = true;
  expects_continue_ = version_ >= 11;  // RFC 9110 10.1.1: ignored in HTTP/1.0
  return std::nullopt;
}

void RequestParser::on_header_impl(ErrorCode& error) {
  header_seen_ = true;
  if (version_ >= 11 && hosts_ == 0) return refuse(Refusal::kHostMissing, error);
  // The library decides the framing by itself; it must have come to the same result.
  const bool same_length =
      content_length().has_value() == request_.content_length.has_value() &&
      (!request_.content_length || *content_length() == *request_.content_length);
  if (chunked() != request_.chunked || !same_length) refuse(Refusal::kParser, error);
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, StringView extensions,
                                         ErrorCode& error) {
  if (!extensions.empty()) return refuse(Refusal::kChunkExtension, error);
  chunk_remaining_ = size;
  after_chunk_ = true;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, StringView body, ErrorCode&) {
  body_ = body;
  chunk_remaining_ -= body.size();
  return body.size();
}

std::size_t RequestParser::on_body_impl(StringView body, ErrorCode&) {
  body_ = body;
  return body.size();
}

// Nothing to do at these points; the library requires them.
void RequestParser::on_response_impl(int, StringView, int, ErrorCode&) {}
void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) {}
void RequestParser::on_finish_impl(ErrorCode&) {}

}  // namespace muster::http
