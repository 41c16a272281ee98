// Why the server itself refuses a request: a closed list, one row each in refusal.cc.
//
//   metrics.refused_framing(refusal_text(Refusal::kFoldedLine)).Increment();
//   service.refusal(&request, refusal_status(reason), refusal_text(reason));
//
// The texts are stable: they are a metric label, a log field and the message the client reads.
#pragma once

#include <cstdint>
#include <string_view>

namespace muster::http {

enum class Refusal : std::uint8_t {
  // The bytes of the header.
  kBareLineFeed,
  kBareCarriageReturn,
  kHeaderByte,
  kFoldedLine,
  kBlankLine,
  kHeaderTooLarge,
  // The request line.
  kRequestLine,
  kVersion,
  kMethod,
  kTarget,
  kTargetTooLong,
  // The fields.
  kFieldSyntax,
  kFieldsTooMany,
  kValueTooLong,
  kHostMissing,
  kHostRepeated,
  kHostInvalid,
  kFramingRepeated,
  kTransferEncoding,
  kTransferEncodingVersion,
  kContentLength,
  kExpectation,
  // The chunks.
  kChunkSize,
  kChunkExtension,
  kChunkEnd,
  kTrailer,
  // The library's parser objects to what the guard let pass.
  kParser,
  // Amount and time.
  kBodyTooLarge,
  kHeaderTimeout,
  kBodyTimeout,
  kConnectionsTooMany,
  kClientConnectionsTooMany,
  kConnectionCut,
  kAnswersUnread,
  kQueueFull,
  kClientQueueFull,
  kDraining,
  // The net below everything.
  kInternalError,
};

[[nodiscard]] int refusal_status(Refusal reason);
[[nodiscard]] std::string_view refusal_text(Refusal reason);

}  // namespace muster::http
