#include "http/refusal.h"

#include <array>
#include <cstddef>

#include "base/assert.h"

namespace muster::http {
namespace {

struct Row {
  Refusal reason;
  int status;
  std::string_view text;
};

constexpr auto kRows = std::to_array<Row>({
    {Refusal::kBareLineFeed, 400, "Line feed without a carriage return in the header"},
    {Refusal::kBareCarriageReturn, 400, "Carriage return without a line feed in the header"},
    {Refusal::kHeaderByte, 400, "Control or non-ASCII byte in the header"},
    {Refusal::kFoldedLine, 400, "Folded header line"},
    {Refusal::kBlankLine, 400, "Blank line before the request"},
    {Refusal::kHeaderTooLarge, 400, "Header block too large"},
    {Refusal::kRequestLine, 400, "Malformed request line"},
    {Refusal::kVersion, 400, "HTTP version not supported"},
    {Refusal::kMethod, 501, "Method not known"},
    {Refusal::kTarget, 400, "Request target is not a plain absolute path"},
    {Refusal::kTargetTooLong, 431, "Request target too long"},
    {Refusal::kFieldSyntax, 400, "Malformed header field"},
    {Refusal::kFieldsTooMany, 431, "Too many header fields"},
    {Refusal::kValueTooLong, 431, "Header value too long"},
    {Refusal::kHostMissing, 400, "No Host field"},
    {Refusal::kHostRepeated, 400, "More than one Host field"},
    {Refusal::kHostInvalid, 400, "Invalid Host field"},
    {Refusal::kFramingRepeated, 400, "More than one framing field"},
    {Refusal::kTransferEncoding, 400, "Transfer-Encoding other than chunked"},
    {Refusal::kTransferEncodingVersion, 400, "Transfer-Encoding before HTTP/1.1"},
    {Refusal::kContentLength, 400, "Malformed Content-Length"},
    {Refusal::kExpectation, 417, "Expectation not supported"},
    {Refusal::kChunkSize, 400, "Malformed chunk size"},
    {Refusal::kChunkExtension, 400, "Chunk extension"},
    {Refusal::kChunkEnd, 400, "Chunk longer than its size"},
    {Refusal::kTrailer, 400, "Trailer after the last chunk"},
    {Refusal::kParser, 400, "Malformed request"},
    {Refusal::kBodyTooLarge, 413, "Request body too large"},
    {Refusal::kHeaderTimeout, 408, "Header not complete in time"},
    {Refusal::kBodyTimeout, 408, "Body arrives too slowly"},
    {Refusal::kConnectionsTooMany, 503, "Too many connections"},
    {Refusal::kClientConnectionsTooMany, 503, "Too many connections of one client"},
    {Refusal::kConnectionCut, 503, "Idle connection closed to make room"},
    {Refusal::kAnswersUnread, 503, "Too many answers wait to be read"},
    {Refusal::kQueueFull, 503, "Too many requests are waiting"},
    {Refusal::kClientQueueFull, 503, "Too many requests of one client are waiting"},
    {Refusal::kDraining, 503, "Server is shutting down"},
    {Refusal::kInternalError, 500, "Internal error"},
});

const Row& row(Refusal reason) {
  const Row& found = kRows.at(static_cast<std::size_t>(reason));
  MUSTER_ASSERT(found.reason == reason);
  return found;
}

}  // namespace

int refusal_status(Refusal reason) { return row(reason).status; }

std::string_view refusal_text(Refusal reason) { return row(reason).text; }

}  // namespace muster::http
