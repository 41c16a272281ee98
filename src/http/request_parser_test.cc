// The rows of the table in the guard's decision record, one by one; every input is read whole,
// byte by byte and cut at every byte.
#include "http/request_parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "base/limits.h"
#include "http/every_way_for_test.h"

namespace muster::http {
namespace {

std::string post(std::string_view fields, std::string_view body) {
  return fmt::format("POST /a HTTP/1.1\r\nHost: a\r\n{}\r\n{}", fields, body);
}

std::string chunked(std::string_view body) { return post("Transfer-Encoding: chunked\r\n", body); }

std::string get(std::string_view fields) {
  return fmt::format("GET /a?b=c HTTP/1.1\r\nHost: a\r\n{}\r\n", fields);
}

void expect_refused(const std::string& bytes, Refusal reason) {
  const Reading reading = read_every_way(bytes);
  ASSERT_TRUE(reading.refusal) << bytes.substr(0, 300) << "\nread as " << reading;
  EXPECT_EQ(refusal_text(*reading.refusal), refusal_text(reason)) << bytes.substr(0, 300);
  EXPECT_TRUE(reading.requests.empty()) << bytes.substr(0, 300);
}

void expect_body(const std::string& bytes, std::string_view body) {
  const Reading reading = read_every_way(bytes);
  ASSERT_FALSE(reading.refusal) << bytes.substr(0, 300) << "\nread as " << reading;
  ASSERT_EQ(reading.requests.size(), 1U) << bytes.substr(0, 300);
  EXPECT_EQ(reading.requests[0].body, body);
  EXPECT_EQ(reading.left, 0U);
}

TEST(RequestParser, PlainGet) {
  const Reading reading = read_every_way(get("X-A:  b c \r\nx-a:\r\n"));
  ASSERT_EQ(reading.requests.size(), 1U) << reading;
  EXPECT_EQ(reading.requests[0],
            (RequestRead{"GET", "/a?b=c", {"Host: a", "X-A: b c", "x-a: "}, ""}));
}

TEST(RequestParser, PathAndQueryPointIntoTheTarget) {
  Request request;
  RequestParser parser(request);
  const std::string bytes = get("Content-Length: 7\r\nConnection: close\r\n");
  EXPECT_EQ(parser.next(bytes).consumed, bytes.size());
  EXPECT_EQ(request.path, "/a");
  EXPECT_EQ(request.query, "b=c");
  EXPECT_EQ(request.content_length, 7U);
  EXPECT_FALSE(request.chunked);
  EXPECT_FALSE(parser.done());
  EXPECT_EQ(parser.body_remaining(), 7U);
  EXPECT_FALSE(parser.wants_keep_alive());
}

TEST(RequestParser, KeepAliveByVersionAndConnection) {
  const auto wants = [](const std::string& bytes) {
    Request request;
    RequestParser parser(request);
    EXPECT_FALSE(parser.next(bytes).refusal);
    return parser.wants_keep_alive();
  };
  EXPECT_TRUE(wants("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(wants("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n"));
  EXPECT_FALSE(wants("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(wants("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(RequestParser, RequestsInOneBuffer) {
  const Reading reading =
      read_every_way(post("Content-Length: 3\r\n", "abc") + get("") +
                     chunked("2\r\nde\r\n0\r\n\r\n") + "GET /half HTTP/1.1\r\n");
  ASSERT_EQ(reading.requests.size(), 3U) << reading;
  EXPECT_EQ(reading.requests[0].body, "abc");
  EXPECT_EQ(reading.requests[2].body, "de");
  EXPECT_EQ(reading.left, 20U);
}

TEST(RequestParser, Chunks) {
  expect_body(chunked("5\r\nhello\r\n0\r\n\r\n"), "hello");
  expect_body(chunked("1\r\na\r\n00A\r\n0123456789\r\nb\r\n0123456789\n\r\n000\r\n\r\n"),
              "a01234567890123456789\n");
  expect_body(chunked("0\r\n\r\n"), "");
}

// Row 1: the library throws length_error on this one.
TEST(RequestParser, TrailerOver64KiB) {
  expect_refused(chunked("5\r\nhello\r\n0\r\nX: " + std::string(limits::kHeaderBytesMax * 2, 'y') +
                         "\r\n\r\n"),
                 Refusal::kTrailer);
}

// Rows 2 and 10.
TEST(RequestParser, ChunkExtensions) {
  expect_refused(chunked("5;a=b\r\nhello\r\n0\r\n\r\n"), Refusal::kChunkExtension);
  expect_refused(chunked("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"), Refusal::kChunkExtension);
  expect_refused(chunked(std::string("5;a=\"\0\"\r\nhello\r\n0\r\n\r\n", 21)),
                 Refusal::kChunkExtension);
  expect_refused(chunked("5 ;a\r\nhello\r\n0\r\n\r\n"), Refusal::kChunkExtension);
  expect_refused(chunked("5\r\nhello\r\n0;a\r\n\r\n"), Refusal::kChunkExtension);
}

// Rows 2 and 3: what has to be kept for a chunk line never grows with what the client sends.
TEST(RequestParser, ChunkLinesHoldNextToNothing) {
  for (const std::string& line :
       {"5;a=" + std::string(200'000, 'x'), "0\r\nX: " + std::string(200'000, 'x'),
        std::string(200'000, '0')}) {
    Request request;
    RequestParser parser(request);
    const std::string header = chunked("");
    ASSERT_EQ(parser.next(header).consumed, header.size());
    std::size_t looked_at = 0;
    RequestParser::Step step;
    while (!step.refusal) step = parser.next(std::string_view(line).substr(0, ++looked_at));
    EXPECT_LE(looked_at, 16U) << line.substr(0, 10);
  }
}

// Row 4.
TEST(RequestParser, TrailerFields) {
  for (const char* field : {"Authorization: z", "X: y", "Content-Length: 9", "Host: b",
                            "Transfer-Encoding: chunked", " folded", "no colon"}) {
    expect_refused(chunked(fmt::format("5\r\nhello\r\n0\r\n{}\r\n\r\n", field)), Refusal::kTrailer);
  }
}

// Rows 5, 6 and 7.
TEST(RequestParser, TransferEncodingsOtherThanChunked) {
  for (const char* value :
       {"gzip", "identity", "xchunked", "\"chunked\"", "", "chunked, gzip", "gzip, chunked",
        "chunked, chunked", "chunked;a=b", "chunked,", ",chunked", "chunked chunked", "chunke"}) {
    expect_refused(post(fmt::format("Transfer-Encoding: {}\r\n", value), "0\r\n\r\n"),
                   Refusal::kTransferEncoding);
  }
  expect_body(post("TRANSFER-encoding:\tChunKed \t\r\n", "0\r\n\r\n"), "");
}

TEST(RequestParser, TwoFramingFields) {
  const std::vector<std::string> framings = {"Content-Length: 5\r\n", "Content-Length: 6\r\n",
                                             "Transfer-Encoding: chunked\r\n"};
  for (const std::string& first : framings) {
    for (const std::string& second : framings) {
      expect_refused(post(first + second, "0\r\n\r\n"), Refusal::kFramingRepeated);
      expect_refused(post(fmt::format("{}X: y\r\n{}", first, second), "0\r\n\r\n"),
                     Refusal::kFramingRepeated);
    }
  }
  expect_refused(post("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n", "hello"),
                 Refusal::kTransferEncoding);
  expect_refused(post("Content-Length: 5\r\nTransfer-Encoding: gzip\r\n", "hello"),
                 Refusal::kFramingRepeated);
}

// Row 8.
TEST(RequestParser, TransferEncodingBeforeHttp11) {
  expect_refused("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                 Refusal::kTransferEncodingVersion);
}

// Row 9.
TEST(RequestParser, Hosts) {
  expect_refused("GET / HTTP/1.1\r\n\r\n", Refusal::kHostMissing);
  expect_refused(get("Host: a\r\n"), Refusal::kHostRepeated);
  for (const char* value : {"", "a b", "a, b", "a/b", "u@a", "a\\b", "a?b", "a#b", "<a>", "a\"b"}) {
    expect_refused(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", value), Refusal::kHostInvalid);
  }
  for (const char* value : {"example.com:8080", "[::1]:80", "127.0.0.1", "a_b-c"}) {
    expect_body(fmt::format("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", value), "");
  }
  expect_body("GET / HTTP/1.0\r\n\r\n", "");
}

// Row 11.
TEST(RequestParser, MethodsAndTargets) {
  for (const char* method : {"FOO", "get", "TRACE", "CONNECT", "LINK", "Get", "GETX"}) {
    expect_refused(fmt::format("{} / HTTP/1.1\r\nHost: a\r\n\r\n", method), Refusal::kMethod);
  }
  for (const char* method : {"GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "PATCH"}) {
    expect_body(fmt::format("{} / HTTP/1.1\r\nHost: a\r\n\r\n", method), "");
  }
  for (const char* target : {"http://a/", "*", "/a#b", "a", "?a", "a:80", "\\a"}) {
    expect_refused(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", target), Refusal::kTarget);
  }
  expect_refused("GET /\xFF HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::kHeaderByte);
  expect_refused("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::kVersion);
  expect_refused("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::kRequestLine);
}

// Row 12.
TEST(RequestParser, FoldedLines) {
  expect_refused(get("X: a\r\n b\r\n"), Refusal::kFoldedLine);
  expect_refused(get("X: a\r\n\tb\r\n"), Refusal::kFoldedLine);
  expect_refused(get("X:\r\n \r\n"), Refusal::kFoldedLine);
  expect_refused(post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n"), Refusal::kFoldedLine);
}

TEST(RequestParser, ContentLengths) {
  for (const char* value :
       {"+5", "-5", "0x5", "005", "00", "5 5", "5,5", "5, 5", "", "5.0", "5e1",
        "18446744073709551616", "18446744073709551615", "9223372036854775808"}) {
    expect_refused(post(fmt::format("Content-Length: {}\r\n", value), "hello"),
                   Refusal::kContentLength);
  }
  expect_body(post("Content-Length: 0\r\n", ""), "");
  expect_body(post("content-length:5\r\n", "hello"), "hello");
}

TEST(RequestParser, ChunkSizes) {
  for (const char* line :
       {"0x5", "+5", "5_", "", "g", "10000000000000005", "ffffffffffffffff", "0000000000000005"}) {
    expect_refused(chunked(fmt::format("{}\r\nhello\r\n0\r\n\r\n", line)), Refusal::kChunkSize);
  }
  expect_refused(chunked(" 5\r\nhello\r\n0\r\n\r\n"), Refusal::kChunkSize);
  expect_refused(chunked("5\nhello\r\n0\r\n\r\n"), Refusal::kChunkSize);
  expect_refused(chunked("5 \r\nhello\r\n0\r\n\r\n"), Refusal::kChunkExtension);
}

TEST(RequestParser, ChunksThatAreLongerThanTheirSize) {
  expect_refused(chunked("5\r\nhello!\r\n0\r\n\r\n"), Refusal::kChunkEnd);
  expect_refused(chunked("5\r\nhello0\r\n\r\n"), Refusal::kChunkEnd);
  expect_refused(chunked("5\r\nhello\n0\r\n\r\n"), Refusal::kChunkEnd);
}

TEST(RequestParser, LineEndsAndControlBytes) {
  expect_refused("GET / HTTP/1.1\nHost: a\n\n", Refusal::kBareLineFeed);
  expect_refused(get("X: a\nY: b\r\n"), Refusal::kBareLineFeed);
  expect_refused(get("X: a\rb\r\n"), Refusal::kBareCarriageReturn);
  expect_refused("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::kBlankLine);
  for (const int byte : {0x00, 0x01, 0x0B, 0x1B, 0x7F, 0x80, 0xFF}) {
    expect_refused(get(fmt::format("X: a{}b\r\n", static_cast<char>(byte))), Refusal::kHeaderByte);
  }
  expect_refused(get("X: a\tb\r\n"), Refusal::kHeaderByte);
  expect_refused(get(": x\r\n"), Refusal::kFieldSyntax);
  expect_refused(get("Foo\r\n"), Refusal::kFieldSyntax);
  expect_refused(get("X : a\r\n"), Refusal::kFieldSyntax);
  expect_refused("GET / HTTP/1.1\r\n Host: a\r\n\r\n", Refusal::kFoldedLine);
  expect_refused(" GET / HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::kRequestLine);
  expect_refused("GET\t/\tHTTP/1.1\r\nHost: a\r\n\r\n", Refusal::kRequestLine);
}

TEST(RequestParser, Versions) {
  for (const char* version : {"HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/11", "HTTP/1.10"}) {
    expect_refused(fmt::format("GET / {}\r\nHost: a\r\n\r\n", version), Refusal::kVersion);
  }
  expect_refused("GET / http/1.1\r\nHost: a\r\n\r\n", Refusal::kRequestLine);
  expect_refused("GET /\r\n", Refusal::kRequestLine);
  expect_refused("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", Refusal::kRequestLine);
}

TEST(RequestParser, Expectations) {
  expect_refused(post("Expect: 200-ok\r\n", ""), Refusal::kExpectation);
  expect_refused(post("Expect: 100-continue\r\nExpect: 100-continue\r\n", ""),
                 Refusal::kExpectation);
  EXPECT_EQ(refusal_status(Refusal::kExpectation), 417);
  expect_body(post("expect: 100-Continue\r\nContent-Length: 1\r\n", "a"), "a");
}

TEST(RequestParser, SizesAtTheirLimits) {
  const auto value = [](std::size_t size) { return "X: " + std::string(size, 'y') + "\r\n"; };
  expect_body(get(value(limits::kHeaderValueBytesMax)), "");
  expect_refused(get(value(limits::kHeaderValueBytesMax + 1)), Refusal::kValueTooLong);

  const auto target = [](std::size_t size) {
    return "GET /" + std::string(size - 1, 'y') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  expect_body(target(limits::kTargetBytesMax), "");
  expect_refused(target(limits::kTargetBytesMax + 1), Refusal::kTargetTooLong);

  std::string fields;
  for (std::size_t i = 1; i < limits::kHeaderFieldsMax; ++i) fields += "X: y\r\n";
  expect_body(get(fields), "");
  expect_refused(get(fields + "X: y\r\n"), Refusal::kFieldsTooMany);
}

TEST(RequestParser, HeaderBlockAtItsLimit) {
  std::string header = "GET / HTTP/1.1\r\nHost: a\r\n";
  while (header.size() + 8000 < limits::kHeaderBytesMax) {
    header += "X: " + std::string(7000, 'y') + "\r\n";
  }
  header += "X: " + std::string(limits::kHeaderBytesMax - header.size() - 7, 'y') + "\r\n\r\n";
  ASSERT_EQ(header.size(), limits::kHeaderBytesMax);
  expect_body(header, "");
  header.insert(header.size() - 4, "y");
  expect_refused(header, Refusal::kHeaderTooLarge);
  EXPECT_LE(read_byte_by_byte(header + std::string(1000, 'z')).held_most,
            limits::kHeaderBytesMax + 1001);
}

}  // namespace
}  // namespace muster::http
