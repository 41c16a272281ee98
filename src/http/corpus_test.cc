// Foreign and own collections of hostile requests: corpora/http-own, corpora/llhttp-cases and the
// Transfer-Encoding mutations that smuggling tools try.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "http/corpus_for_test.h"
#include "http/every_way_for_test.h"

namespace muster::http {
namespace {

TEST(OwnCorpus, AcceptsAndRefusesAsWanted) {
  const auto cases = own_cases();
  ASSERT_EQ(cases.size(), 87U);
  for (const OwnCase& item : cases) {
    const Reading reading = read_every_way(item.bytes);
    const bool accepted = reading.requests.size() == 1 && !reading.refusal && reading.left == 0;
    EXPECT_EQ(accepted, item.accept) << item.name << ": " << reading;
    EXPECT_TRUE(item.accept || reading.requests.empty()) << item.name << ": " << reading;
  }
}

// Inputs that llhttp accepts in strict mode and we refuse, by our reason. Each is a rule of the
// guard; a new reason in this list would be a change of behaviour.
const std::map<Refusal, std::string> kStricterThanLlhttp = {
    {Refusal::kMethod, "methods outside the seven we serve"},
    {Refusal::kTarget, "absolute-form, authority-form, asterisk, fragment"},
    {Refusal::kBlankLine, "blank line before a request"},
    {Refusal::kHeaderByte, "tabs inside and bytes above 7E in a value or target"},
    {Refusal::kFoldedLine, "folded header lines"},
    {Refusal::kRequestLine, "protocols other than HTTP, simple requests"},
    {Refusal::kVersion, "versions other than 1.0 and 1.1"},
    {Refusal::kTransferEncoding, "codings before chunked"},
    {Refusal::kContentLength, "leading zeros"},
    {Refusal::kChunkExtension, "chunk extensions"},
    {Refusal::kTrailer, "trailers"},
    {Refusal::kFieldSyntax, "Connection lists with empty or malformed members"},
    {Refusal::kHostRepeated, "a second Host"},
    {Refusal::kHostInvalid, "a Host that is none"},
    {Refusal::kHostMissing, "no Host in the second request of an input"},
};

constexpr const char* kEnd = "\r\n\r\n";

TEST(LlhttpCorpus, RefusesWhatLlhttpRefuses) {
  const auto cases = llhttp_cases();
  ASSERT_EQ(cases.size(), 166U);
  std::size_t refused_by_both = 0;
  std::size_t accepted_by_both = 0;
  for (const LlhttpCase& item : cases) {
    // As it stands (mostly without Host) it must only read the same in every way.
    EXPECT_EQ(read_every_way(item.bytes), read_whole(item.bytes)) << item.name;

    Reading reading = read_every_way(with_host(item.bytes));
    if (!item.strict) continue;
    // An input may stop at the fault; we judge a header line when the block is complete.
    if (item.error && !reading.refusal) reading = read_every_way(with_host(item.bytes) + kEnd);
    if (item.error) {
      EXPECT_TRUE(reading.refusal) << item.name << ": " << reading;
      ++refused_by_both;
    } else if (reading.refusal) {
      EXPECT_TRUE(kStricterThanLlhttp.contains(*reading.refusal)) << item.name << ": " << reading;
    } else {
      ++accepted_by_both;
    }
  }
  EXPECT_GE(refused_by_both, 30U);
  EXPECT_GE(accepted_by_both, 40U);
}

// A framing field, spoilt; what follows is a chunked body and one more request.
std::string mutated(std::string_view field) {
  return fmt::format(
      "POST / HTTP/1.1\r\nHost: a\r\n{}\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
      "GET /next HTTP/1.1\r\nHost: a\r\n\r\n",
      field);
}

void expect_refused_or_chunked(const std::string& field) {
  const Reading reading = read_every_way(mutated(field));
  if (reading.refusal && reading.requests.empty()) return;
  ASSERT_EQ(reading.requests.size(), 2U) << field << ": " << reading;
  EXPECT_EQ(reading.requests[0].body, "hello") << field;
  EXPECT_EQ(reading.requests[1].target, "/next") << field;
}

// Before and after the name, before and after the value.
std::string spoilt(const std::array<std::string, 4>& at) {
  return at[0] + "Transfer-Encoding" + at[1] + ": " + at[2] + "chunked" + at[3];
}

std::vector<std::string> hostile_bytes() {
  std::vector<std::string> bytes;
  for (int byte = 0x01; byte <= 0xFF; ++byte) {
    if (byte <= 0x20 || byte >= 0x7F) bytes.emplace_back(1, static_cast<char>(byte));
  }
  return bytes;
}

TEST(TransferEncodingMutations, OneByte) {
  for (const std::string& byte : hostile_bytes()) {
    for (std::size_t at = 0; at < 4; ++at) {
      std::array<std::string, 4> parts;
      parts.at(at) = byte;
      expect_refused_or_chunked(spoilt(parts));
      parts.at(at) = byte + byte;
      expect_refused_or_chunked(spoilt(parts));
    }
  }
}

TEST(TransferEncodingMutations, OneByteInTwoPlaces) {
  for (const std::string& byte : hostile_bytes()) {
    for (std::size_t first = 0; first < 4; ++first) {
      for (std::size_t second = first + 1; second < 4; ++second) {
        std::array<std::string, 4> parts;
        parts.at(first) = byte;
        parts.at(second) = byte;
        expect_refused_or_chunked(spoilt(parts));
      }
    }
  }
}

TEST(TransferEncodingMutations, Words) {
  for (const char* field : {"Transfer-Encoding: chunk",
                            "Transfer-Encoding: CHUNKED",
                            "Transfer-Encoding:chunked",
                            "Transfer-Encoding: cHuNkEd\r\nX: y",
                            "Transfer-Encoding: 'chunked'",
                            "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: identity, chunked",
                            "Transfer-Encoding: chunked, identity",
                            "Transfer-Encoding: chunked, cow",
                            "Transfer-Encoding: cow, chunked",
                            "Transfer-Encoding:\r\n chunked",
                            "Transfer-Encoding\r\n: chunked",
                            "Transfer-Encoding: \"chunked\"",
                            "Transfer-Encoding: chunked; q=1",
                            "X: y\nTransfer-Encoding: chunked",
                            "X: y\rTransfer-Encoding: chunked",
                            "Transfer-Encoding: chunked\nX: y",
                            "Content-Length: 5\r\nTransfer-Encoding: chunked",
                            "Transfer-Encoding: chunked\r\nContent-Length: 5",
                            "Transfer Encoding: chunked",
                            "Transfer-Encoding: ,chunked",
                            "Transfer-Encoding: chunked,"}) {
    expect_refused_or_chunked(field);
  }
}

}  // namespace
}  // namespace muster::http
