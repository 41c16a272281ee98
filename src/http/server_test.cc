// The server in ordinary use, through real sockets.
#include "http/server.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "http/server_for_test.h"

namespace muster::http {
namespace {

TEST(Server, AnswersAndKeepsTheConnection) {
  TestServer server;
  Client client(server.port());
  const Answer first = client.ask(get("/a?b=c"));
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body, "GET /a?b=c 0");
  EXPECT_TRUE(first.head.starts_with("HTTP/1.1 200 OK\r\nDate: "));
  EXPECT_TRUE(first.has(" GMT\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\n"))
      << first.head;
  EXPECT_EQ(client.ask(get("/now")).body, "now");
  EXPECT_EQ(client.ask(post("/b", "hello")).body, "POST /b 5");
  EXPECT_EQ(client.ask(post_chunked("/c", "5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n")).body, "POST /c 6");
  EXPECT_EQ(server.service.finished(),
            (std::vector<std::string>{"GET /a?b=c ", "POST /b hello", "POST /c hello!"}));
}

TEST(Server, ClosesWhenAsked) {
  TestServer server;
  for (const std::string& request :
       {std::string("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        std::string("GET /a HTTP/1.0\r\n\r\n"), get("/close")}) {
    Client client(server.port());
    const Answer answer = client.ask(request);
    EXPECT_EQ(answer.status, 200);
    EXPECT_TRUE(answer.has("\r\nConnection: close\r\n")) << request;
    EXPECT_TRUE(client.at_end()) << request;
  }
}

TEST(Server, KeepsAnHttp10ConnectionOnlyWhenAsked) {
  TestServer server;
  Client client(server.port());
  const Answer answer = client.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_TRUE(answer.has("\r\nConnection: keep-alive\r\n"));
  EXPECT_EQ(client.ask(get("/now")).status, 200);
}

TEST(Server, HeadIsGetWithoutTheBody) {
  TestServer server;
  Client client(server.port());
  client.send("HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer answer = client.read_answer(true);
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.has("\r\nContent-Length: 8\r\n")) << answer.head;
  EXPECT_EQ(client.ask(get("/now")).body, "now");
  EXPECT_EQ(server.service.finished(), std::vector<std::string>{"GET /a "});
}

TEST(Server, AnAnswerOfStatus204HasNoBody) {
  TestServer server;
  Client client(server.port());
  const Answer answer = client.ask(get("/empty"));
  EXPECT_EQ(answer.status, 204);
  EXPECT_FALSE(answer.has("Content-Length"));
  EXPECT_EQ(client.ask(get("/now")).body, "now");
}

TEST(Server, BodiesWhereNoneIsExpected) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.ask("GET /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello").body,
            "GET /a 5");
  EXPECT_EQ(client.ask("DELETE /a HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").body,
            "DELETE /a 0");
  EXPECT_EQ(client.ask(post("/unwanted", "hello")).body, "POST /unwanted 0");
  EXPECT_EQ(client.ask(post_chunked("/unwanted", "5\r\nhello\r\n0\r\n\r\n")).body,
            "POST /unwanted 0");
  EXPECT_EQ(client.ask(post("/unwanted", std::string(70'000, 'x'))).status, 413);
  EXPECT_TRUE(client.at_end());
}

TEST(Server, NothingInAHeaderValueEndsItsLine) {
  TestServer server;
  Client client(server.port());
  const Answer answer = client.ask(get("/inject"));
  EXPECT_TRUE(answer.has("\r\nX-Value: a  X-Forged: b  \r\n")) << answer.head;
  EXPECT_FALSE(answer.has("\r\nX-Forged"));
  EXPECT_FALSE(answer.has("chunked"));
  EXPECT_EQ(answer.body, "GET /inject 0");
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder) {
  TestServer server;
  Client client(server.port());
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += post("/" + std::to_string(i), "ab");
  ASSERT_TRUE(client.send(requests));
  for (int i = 0; i < 1000; ++i) {
    ASSERT_EQ(client.read_answer().body, "POST /" + std::to_string(i) + " 2");
  }
}

TEST(Server, BigBodiesAndBigAnswers) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.ask(post("/a", std::string(20'000'000, 'x'))).body, "POST /a 20000000");
  EXPECT_EQ(client.ask(get("/big")).body.size(), 8'000'000U);
}

TEST(Server, ChunksOfOneByte) {
  TestServer server;
  Client client(server.port());
  std::string chunks;
  for (int i = 0; i < 20'000; ++i) chunks += "1\r\nx\r\n";
  EXPECT_EQ(client.ask(post_chunked("/a", chunks + "0\r\n\r\n")).body, "POST /a 20000");
}

TEST(Server, RequestArrivesByteByByte) {
  TestServer server;
  Client client(server.port());
  for (const char c : post_chunked("/a", "5\r\nhello\r\n0\r\n\r\n")) client.send({&c, 1});
  EXPECT_EQ(client.read_answer().body, "POST /a 5");
}

TEST(Server, AnAnswerCanBeHeldBack) {
  TestServer server;
  Client client(server.port());
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(client.ask(get("/delay")).status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - started, std::chrono::milliseconds(100));
  EXPECT_EQ(client.ask(get("/now")).status, 200);
}

std::string expecting(std::string_view target, std::string_view length) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: " + std::string(length) +
         "\r\n\r\n";
}

TEST(Continue, IsSentWhenTheRequestWasAccepted) {
  TestServer server;
  Client client(server.port());
  client.send(expecting("/a", "5"));
  EXPECT_EQ(client.read_line_block(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(client.ask("hello").body, "POST /a 5");
  EXPECT_EQ(client.ask(get("/now")).status, 200);
}

TEST(Continue, IsNotSentForARefusedRequest) {
  TestServer server;
  for (const std::string& request : {expecting("/now", "5"), expecting("/throw/begin", "5"),
                                     expecting("/small", "11"), expecting("/a", "99999999999")}) {
    Client client(server.port());
    const Answer answer = client.ask(request);
    EXPECT_NE(answer.status, 100) << request;
    EXPECT_TRUE(answer.has("\r\nConnection: close\r\n")) << request;
  }
  EXPECT_TRUE(server.service.finished().empty());
}

TEST(Continue, IsNotSentWithoutABodyOrWhenTheBodyCameAlong) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.ask(expecting("/a", "0")).body, "POST /a 0");
  EXPECT_EQ(client.ask(expecting("/a", "5") + "hello").body, "POST /a 5");
}

// Several clients write everything before they read.
TEST(EarlyAnswer, ReachesAClientThatWritesEverythingFirst) {
  TestServer server;
  const std::string body(20'000'000, 'x');
  for (const char* target : {"/verdict", "/now", "/throw/begin", "/throw/body", "/small"}) {
    Client client(server.port());
    EXPECT_TRUE(client.send(post(target, body))) << target;
    const Answer answer = client.read_answer();
    EXPECT_NE(answer.status, 0) << target;
    EXPECT_TRUE(answer.has("\r\nConnection: close\r\n")) << target;
    EXPECT_TRUE(client.at_end()) << target;
  }
}

TEST(EarlyAnswer, KeepsTheConnectionWhenLittleIsLeft) {
  TestServer server;
  Client client(server.port());
  EXPECT_EQ(client.ask(post("/now", "hello")).body, "now");
  EXPECT_EQ(client.ask(get("/a")).body, "GET /a 0");
  EXPECT_EQ(server.service.finished(), std::vector<std::string>{"GET /a "});
}

TEST(EarlyAnswer, ChunkedBodyOverItsLimit) {
  TestServer server;
  Client client(server.port());
  const Answer answer =
      client.ask(post_chunked("/small", "5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n"));
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.body, "413 Request body too large");
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(server.service.finished().empty());
}

// Answers out of memory do not wait for a worker.
TEST(Workers, AnAnswerWithoutAPoolComesWhileAllWorkersAreBusy) {
  TestServer server;
  std::vector<std::unique_ptr<Client>> busy;
  for (int i = 0; i < 64; ++i) {
    busy.push_back(std::make_unique<Client>(server.port()));
    busy.back()->send(get("/block"));
  }
  Client client(server.port());
  EXPECT_EQ(client.ask(post("/here", "hello")).body, "POST /here 5");
  server.service.open_gate();
}

// A look-up in a database that hangs holds up those who need it.
TEST(Workers, ABeginThatWaitsHoldsUpNoIoThread) {
  TestServer server;
  std::vector<std::unique_ptr<Client>> waiting;
  for (int i = 0; i < 8; ++i) {
    waiting.push_back(std::make_unique<Client>(server.port()));
    waiting.back()->send(post("/wait", "hello"));
  }
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 8; }));
  EXPECT_TRUE(server.serves());
  server.service.open_gate();
  for (const auto& client : waiting) EXPECT_EQ(client->read_answer().body, "POST /wait 5");
  Client client(server.port());
  EXPECT_EQ(client.ask(get("/wait/throw")).body, "500 Internal error");
}

TEST(Exceptions, BecomeAnswersAndHarmNobodyElse) {
  TestServer server;
  Client other(server.port());
  EXPECT_EQ(other.ask(get("/now")).status, 200);
  for (const char* target : {"/throw/begin", "/throw/body", "/throw/finish", "/here/throw"}) {
    Client client(server.port());
    const Answer answer = client.ask(post(target, "hello"));
    EXPECT_EQ(answer.status, 500) << target;
    EXPECT_EQ(answer.body, "500 Internal error") << target;
  }
  EXPECT_EQ(server.refusals("Internal error"), 4);
  EXPECT_EQ(other.ask(get("/now")).status, 200);
  EXPECT_TRUE(eventually([&] { return server.service.exchanges() == 0; }));
}

TEST(Exceptions, AnExceptionNobodyHandlesEndsOnlyItsConnection) {
  TestServer server;
  Client other(server.port());
  EXPECT_EQ(other.ask(get("/now")).status, 200);
  for (int i = 0; i < 10; ++i) {
    Client client(server.port());
    EXPECT_EQ(client.ask(get("/throw/refusal")).status, 0);
  }
  EXPECT_EQ(other.ask(get("/now")).status, 200);
  EXPECT_TRUE(eventually([&] { return server.metrics.connections.Value() == 1; }));
}

TEST(Start, SaysWhyItCannot) {
  TestServer server;
  Metrics metrics;
  const auto error_of = [&](ServerOptions options) {
    const auto started = Server::start(options, server.service, metrics);
    return started ? std::string() : started.error().message;
  };
  EXPECT_TRUE(error_of({.port = server.port()}).contains("Address already in use"));
  EXPECT_TRUE(error_of({.address = "nowhere", .port = 0}).contains("Cannot listen on nowhere"));
  EXPECT_TRUE(error_of({.port = 0, .tls_cert = "/nowhere/cert.pem", .tls_key = "/nowhere/key.pem"})
                  .contains("TLS certificate /nowhere/cert.pem cannot be used"));
}

}  // namespace
}  // namespace muster::http
