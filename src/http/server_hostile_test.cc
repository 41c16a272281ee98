// The hostile collections through a socket: what the service sees is what a strict reader sees,
// every answer is well formed, and other clients are served as before.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "http/corpus_for_test.h"
#include "http/reading_for_test.h"
#include "http/server_for_test.h"

namespace muster::http {
namespace {

// The strict reading of a connection's bytes: behind a request that ends it nothing counts.
Reading strict_reading(std::string_view bytes) {
  Reading reading = read_whole(bytes);
  const auto last = std::ranges::find(reading.requests, true, &RequestRead::ends_connection);
  if (last == reading.requests.end()) return reading;
  reading.requests.erase(last + 1, reading.requests.end());
  reading.refusal.reset();
  return reading;
}

std::vector<std::string> as_finished(const Reading& reading) {
  std::vector<std::string> finished;
  for (const RequestRead& request : reading.requests) {
    const std::string method = request.method == "HEAD" ? "GET" : request.method;
    finished.push_back(fmt::format("{} {} {}", method, request.target, request.body));
  }
  return finished;
}

class Hostile : public testing::Test {
 protected:
  void expect_strictly_read(const std::string& name, std::string_view bytes) {
    const Reading reading = strict_reading(bytes);
    const auto before = static_cast<std::ptrdiff_t>(server_.service.finished().size());
    Client client(server_.port());
    client.send(bytes);
    client.half_close();
    const std::vector<Answer> answers = client.read_all();

    auto finished = server_.service.finished();
    finished.erase(finished.begin(), finished.begin() + before);
    EXPECT_EQ(finished, as_finished(reading)) << name;
    ASSERT_EQ(answers.size(), reading.requests.size() + (reading.refusal ? 1 : 0)) << name;
    if (reading.refusal) {
      EXPECT_EQ(answers.back().status, refusal_status(*reading.refusal)) << name;
      EXPECT_TRUE(answers.back().body.ends_with(refusal_text(*reading.refusal))) << name;
      EXPECT_TRUE(answers.back().has("\r\nConnection: close\r\n")) << name;
    }
    EXPECT_EQ(neighbour_.ask(get("/now")).body, "now") << name;
  }

  TestServer server_;
  Client neighbour_{server_.port()};
};

TEST_F(Hostile, OwnCorpus) {
  for (const OwnCase& item : own_cases()) expect_strictly_read(item.name, item.bytes);
}

TEST_F(Hostile, LlhttpCorpus) {
  for (const LlhttpCase& item : llhttp_cases()) {
    if (item.bytes.starts_with("HEAD")) continue;  // its answer's length cannot be told here
    expect_strictly_read(item.name, item.bytes);
    expect_strictly_read(item.name + ", with Host", with_host(item.bytes));
  }
}

TEST_F(Hostile, TransferEncodingsThatHideARequest) {
  for (int byte = 0x01; byte <= 0xFF; ++byte) {
    if (byte > 0x20 && byte < 0x7F) continue;
    for (const char* field : {"{}Transfer-Encoding: chunked", "Transfer-Encoding{}: chunked",
                              "Transfer-Encoding:{}chunked", "Transfer-Encoding: chunked{}"}) {
      const std::string spoilt =
          fmt::format(fmt::runtime(field), std::string(1, static_cast<char>(byte)));
      expect_strictly_read(spoilt, "POST / HTTP/1.1\r\nHost: a\r\n" + spoilt + "\r\n\r\n" +
                                       "5\r\nhello\r\n0\r\n\r\n" + get("/hidden"));
    }
  }
}

// The request that ended the process: a large trailer, while others are being served.
TEST_F(Hostile, LargeTrailerWhileOthersWork) {
  Client working(server_.port());
  working.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  for (int i = 0; i < 20; ++i) {
    expect_strictly_read(
        "trailer",
        post_chunked("/", "1\r\nx\r\n0\r\nX: " + std::string(100'000, 'y') + "\r\n\r\n"));
  }
  EXPECT_EQ(working.ask("llo").body, "POST /a 5");
}

TEST_F(Hostile, ChunkExtensionWithoutEnd) {
  Client client(server_.port());
  client.send(post_chunked("/", "5;a=" + std::string(10'000'000, 'x')));
  const Answer answer = client.read_answer();
  EXPECT_EQ(answer.body, "400 Chunk extension");
}

TEST_F(Hostile, ContentLengthsThatLie) {
  expect_strictly_read("shorter", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nhello");
  expect_strictly_read("longer", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhello");
  expect_strictly_read("zero", "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\nhello");
  expect_strictly_read("missing", "POST /a HTTP/1.1\r\nHost: a\r\n\r\nhello");
  Client client(server_.port());
  const Answer answer =
      client.ask("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n\r\nhello");
  EXPECT_EQ(answer.status, 413);
}

TEST_F(Hostile, HeaderFloods) {
  std::string many;
  for (int i = 0; i < 10'000; ++i) many += "X: y\r\n";
  expect_strictly_read("10,000 fields", "GET / HTTP/1.1\r\nHost: a\r\n" + many + "\r\n");
  expect_strictly_read("1 MB value", "GET / HTTP/1.1\r\nX: " + std::string(1'000'000, 'y'));
  expect_strictly_read("1 MB target", "GET /" + std::string(1'000'000, 'y'));
  std::string query = "/?a=1";
  for (int i = 0; i < 1000; ++i) query += "&a=1";
  expect_strictly_read("1,000 parameters", get(query));
}

TEST_F(Hostile, TlsOnThePlainPort) {
  expect_strictly_read("hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));
}

TEST_F(Hostile, ClientsThatLeaveInTheMiddle) {
  const std::string request = post("/a", "hello");
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    Client client(server_.port());
    client.send(std::string_view(request).substr(0, cut));
    client.reset();
  }
  EXPECT_TRUE(eventually([&] { return server_.metrics.connections.Value() == 1; }));
  EXPECT_TRUE(eventually([&] { return server_.service.exchanges() == 0; }));
  EXPECT_TRUE(server_.service.finished().empty());
}

}  // namespace
}  // namespace muster::http
