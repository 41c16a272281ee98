// Slow, stubborn and too many clients; full queues; the end of the server. Every limit shortened.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <future>
#include <memory>
#include <string>
#include <vector>

#include "http/server_for_test.h"

namespace muster::http {
namespace {

ServerOptions with(ServerLimits limits) {
  ServerOptions options;
  options.limits = limits;
  return options;
}

TEST(SlowClient, HeaderThatDoesNotEnd) {
  TestServer server(with({.header_timeout_ms = 200}));
  Client slow(server.port());
  slow.send("GET / HTTP/1.1\r\nHost: a\r\n");
  EXPECT_TRUE(server.serves());
  const Answer answer = slow.read_answer();
  EXPECT_EQ(answer.body, "408 Header not complete in time");
  EXPECT_TRUE(slow.at_end());
  EXPECT_EQ(server.refusals("Header not complete in time"), 1);
}

TEST(SlowClient, HeaderByteByByteGetsNoMoreTime) {
  TestServer server(with({.header_timeout_ms = 300}));
  Client slow(server.port());
  slow.send("GET /");
  int sent = 0;
  while (sent < 1000 && slow.send("x")) {
    ++sent;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LT(sent, 1000);
}

TEST(SlowClient, NothingAtAll) {
  TestServer server(with({.header_timeout_ms = 200}));
  Client silent(server.port());
  EXPECT_TRUE(silent.at_end());
}

TEST(SlowClient, IdleConnection) {
  TestServer server(with({.idle_timeout_ms = 200}));
  Client client(server.port());
  EXPECT_EQ(client.ask(get("/now")).status, 200);
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(eventually([&] { return server.metrics.connections.Value() == 0; }));
}

TEST(SlowClient, BodyThatStops) {
  TestServer server(with({.read_timeout_ms = 200}));
  Client slow(server.port());
  slow.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  EXPECT_TRUE(server.serves());
  EXPECT_EQ(slow.read_answer().body, "408 Body arrives too slowly");
  EXPECT_TRUE(slow.at_end());
  EXPECT_TRUE(eventually([&] { return server.service.exchanges() == 0; }));
  EXPECT_TRUE(server.service.finished().empty());
}

TEST(SlowClient, ContinueWithoutABody) {
  TestServer server(with({.read_timeout_ms = 200}));
  Client slow(server.port());
  slow.send("POST /a HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  EXPECT_EQ(slow.read_line_block(), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(slow.read_answer().status, 408);
}

TEST(SlowClient, BodyBelowTheLeastRate) {
  TestServer server(with({.read_timeout_ms = 300, .body_bytes_per_second_min = 500}));
  Client slow(server.port());
  slow.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
  int sent = 0;
  while (sent < 1000 && slow.send("x")) {  // about 100 a second
    ++sent;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_LT(sent, 1000);
  EXPECT_TRUE(server.serves());
  EXPECT_EQ(server.refusals("Body arrives too slowly"), 1);
}

TEST(SlowClient, BodyAboveTheLeastRateMayTakeItsTime) {
  TestServer server(with({.read_timeout_ms = 1000, .body_bytes_per_second_min = 500}));
  Client client(server.port());
  client.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 15000\r\n\r\n");
  for (int i = 0; i < 150; ++i) {  // longer than the time limit between two bytes
    ASSERT_TRUE(client.send(std::string(100, 'x')));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(client.read_answer().body, "POST /a 15000");
}

TEST(SlowClient, AnswerThatIsNotRead) {
  TestServer server(with({.write_timeout_ms = 300}));
  Client slow(server.port(), {.receive_bytes = 4096});
  slow.send(get("/big"));
  EXPECT_TRUE(server.serves());
  EXPECT_TRUE(eventually([&] { return server.metrics.connections.Value() == 0; }));
}

TEST(SlowClient, PipelinedRequestsUnread) {
  TestServer server(with({.write_timeout_ms = 500}));
  Client slow(server.port(), {.receive_bytes = 4096});
  std::string requests;
  for (int i = 0; i < 1000; ++i) requests += get("/page");
  slow.send(requests);
  EXPECT_TRUE(server.serves());
  EXPECT_TRUE(eventually([&] { return server.metrics.connections.Value() == 0; }));
  EXPECT_LT(server.service.finished().size(), 500U);  // the rest was never begun
}

TEST(SlowClient, LingeringEnds) {
  TestServer server(with({.linger_timeout_ms = 300}));
  Client client(server.port());
  client.send("POST /now HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\nx");
  EXPECT_EQ(client.read_answer().body, "now");
  EXPECT_TRUE(client.at_end());
  EXPECT_TRUE(eventually([&] { return server.metrics.connections.Value() == 0; }));
}

TEST(SlowClient, LingeringReadsOnlySoMuch) {
  TestServer server(with({.linger_bytes_max = 1'000'000}));
  Client client(server.port());
  client.send("POST /now HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000000\r\n\r\n");
  int blocks = 0;
  while (blocks < 1000 && client.send(std::string(1'000'000, 'x'))) ++blocks;
  EXPECT_LT(blocks, 1000);
}

constexpr const char* kMadeRoom = "Idle connection closed to make room";

TEST(Connections, TheLongestIdleOfTheClientWithTheMostMakesRoom) {
  TestServer server(with({.connections_max = 4}));
  Client single(server.port(), {.source = "127.0.0.2"});
  EXPECT_EQ(single.ask(get("/now")).status, 200);
  std::vector<std::unique_ptr<Client>> many;
  for (int i = 0; i < 3; ++i) {
    many.push_back(std::make_unique<Client>(server.port()));
    EXPECT_EQ(many.back()->ask(get("/now")).status, 200);
  }
  EXPECT_EQ(many[0]->ask(get("/now")).status, 200);  // the second is the longest idle now

  Client newcomer(server.port(), {.source = "127.0.0.3"});
  EXPECT_EQ(newcomer.ask(get("/now")).status, 200);
  EXPECT_TRUE(many[1]->at_end());
  EXPECT_EQ(server.refusals(kMadeRoom), 1);
  for (Client* kept : {&single, many[0].get(), many[2].get()}) {
    EXPECT_EQ(kept->ask(get("/now")).status, 200);
  }
}

TEST(Connections, HalfAHeaderKeepsNobody) {
  TestServer server(with({.connections_max = 1}));
  Client half(server.port());
  half.send("GET /now HT");
  ASSERT_TRUE(eventually([&] { return server.metrics.connections.Value() == 1; }));
  Client newcomer(server.port());
  EXPECT_EQ(newcomer.ask(get("/now")).status, 200);
  EXPECT_TRUE(half.at_end());
}

TEST(Connections, RunningRequestsAreNotCut) {
  TestServer server(with({.connections_max = 2}));
  Client first(server.port());
  Client second(server.port());
  first.send(get("/block"));
  second.send(get("/block"));
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 2; }));
  Client refused(server.port());
  EXPECT_TRUE(refused.at_end());
  EXPECT_EQ(server.refusals("Too many connections"), 1);
  server.service.open_gate();
  EXPECT_EQ(first.read_answer().status, 200);
  EXPECT_EQ(second.read_answer().status, 200);
  EXPECT_TRUE(server.serves());
}

TEST(Connections, OneClientHasItsShare) {
  TestServer server(with({.connections_per_client_max = 2}));
  Client running(server.port());
  running.send(get("/block"));
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 1; }));
  Client idle(server.port());
  ASSERT_TRUE(eventually([&] { return server.metrics.connections.Value() == 2; }));
  Client third(server.port());
  third.send(get("/block"));
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 2; }));
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(server.refusals(kMadeRoom), 1);

  Client refused(server.port());
  EXPECT_TRUE(refused.at_end());
  EXPECT_EQ(server.refusals("Too many connections of one client"), 1);
  Client other(server.port(), {.source = "127.0.0.2"});
  EXPECT_EQ(other.ask(get("/now")).status, 200);
  server.service.open_gate();
  EXPECT_EQ(running.read_answer().status, 200);
  EXPECT_EQ(third.read_answer().status, 200);
}

TEST(Connections, TrustedPeersHaveNoShare) {
  ServerOptions options = with({.connections_per_client_max = 1});
  options.trusted_peers = {AddressRange::parse("127.0.0.1").value()};
  TestServer server(options);
  std::vector<std::unique_ptr<Client>> clients;
  clients.reserve(5);
  for (int i = 0; i < 5; ++i) clients.push_back(std::make_unique<Client>(server.port()));
  for (const auto& client : clients) EXPECT_EQ(client->ask(get("/now")).status, 200);
  EXPECT_EQ(server.refusals(kMadeRoom), 0);
}

constexpr const char* kUnread = "Too many answers wait to be read";

TEST(UnreadAnswers, AreBoundedPerClient) {
  TestServer server(with({.answer_bytes_per_client_max = 20'000'000}));
  std::vector<std::unique_ptr<Client>> unread;
  for (int i = 0; i < 2; ++i) {
    unread.push_back(std::make_unique<Client>(server.port(), ClientOptions{.receive_bytes = 4096}));
    unread.back()->send(get("/big"));
  }
  ASSERT_TRUE(eventually([&] { return server.service.finished().size() == 2; }));
  Client client(server.port());
  Answer answer;
  ASSERT_TRUE(eventually([&] {  // until both answers are on their way
    answer = client.ask(get("/big"));
    return answer.status == 503;
  }));
  EXPECT_EQ(answer.body, std::string("503 ") + kUnread);
  EXPECT_TRUE(answer.has("\r\nRetry-After: 1\r\n"));
  EXPECT_EQ(client.ask(get("/a")).body, "GET /a 0") << "small answers go through";
  EXPECT_EQ(client.ask(post("/big", "")).body.size(), 8'000'000U) << "what changed is told";
  Client other(server.port(), {.source = "127.0.0.2"});
  EXPECT_EQ(other.ask(get("/big")).body.size(), 8'000'000U);

  unread.clear();
  EXPECT_TRUE(eventually([&] { return client.ask(get("/big")).status == 200; }));
}

TEST(UnreadAnswers, AClientThatIsBeyondItsBoundBeginsNothing) {
  TestServer server(with({.answer_bytes_per_client_max = 1'000'000}));
  Client unread(server.port(), {.receive_bytes = 4096});
  unread.send(post("/big", ""));
  ASSERT_TRUE(eventually([&] { return server.service.finished().size() == 1; }));
  Client client(server.port());
  ASSERT_TRUE(eventually([&] { return client.ask(post("/a", "x")).status == 503; }));
  const std::size_t finished = server.service.finished().size();
  EXPECT_EQ(client.ask(post("/a", "x")).body, std::string("503 ") + kUnread);
  EXPECT_EQ(server.service.finished().size(), finished);
  EXPECT_EQ(client.ask(get("/now")).status, 200);
}

TEST(UnreadAnswers, AreBoundedInAll) {
  TestServer server(
      with({.answer_bytes_max = 10'000'000, .answer_bytes_per_client_max = 9'000'000}));
  Client unread(server.port(), {.receive_bytes = 4096});
  unread.send(get("/big"));
  ASSERT_TRUE(eventually([&] { return server.service.finished().size() == 1; }));
  Client other(server.port(), {.source = "127.0.0.2"});
  EXPECT_TRUE(eventually([&] { return other.ask(get("/big")).status == 503; }));
  EXPECT_EQ(server.refusals(kUnread), 1);
}

TEST(Limits, NoDescriptorsLeft) {
  TestServer server;
  Client served(server.port());
  EXPECT_EQ(served.ask(get("/now")).status, 200);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  // The lowest free descriptor becomes the last one there is, and the waiting client takes it.
  const int lowest_free = ::dup(STDIN_FILENO);
  ASSERT_GE(lowest_free, 0);
  ::close(lowest_free);
  const rlimit one_left{.rlim_cur = static_cast<rlim_t>(lowest_free) + 1,
                        .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &one_left), 0);
  Client waiting(server.port());
  waiting.send(get("/now"));
  EXPECT_EQ(served.ask(get("/now")).status, 200);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(waiting.read_answer().status, 200);
}

TEST(Limits, FullQueueAnswers503) {
  ServerOptions options = with({.worker_queue_max = 1, .password_queue_max = 1});
  options.worker_threads = 1;
  options.password_threads = 1;
  TestServer server(options);
  for (const char* target : {"/block", "/password"}) {
    const int blocked = server.service.blocked();
    auto& queue = std::string_view(target) == "/block" ? server.metrics.worker_queue
                                                       : server.metrics.password_queue;
    Client running(server.port());
    running.send(get(target));
    ASSERT_TRUE(eventually([&] { return server.service.blocked() == blocked + 1; }));
    Client waiting(server.port());
    waiting.send(get(target));
    ASSERT_TRUE(eventually([&] { return queue.Value() == 1; }));
    Client refused(server.port());
    const Answer answer = refused.ask(get(target));
    EXPECT_EQ(answer.status, 503) << target;
    EXPECT_TRUE(answer.has("\r\nRetry-After: 1\r\n"));
    EXPECT_EQ(refused.ask(get("/now")).body, "now") << "the connection is still good";
    if (std::string_view(target) == "/password") {
      server.service.open_gate();
      EXPECT_EQ(running.read_answer().status, 200);
      EXPECT_EQ(waiting.read_answer().status, 200);
    }
  }
}

TEST(Limits, OneClientHasOnlyItsShareOfThePasswordWorkers) {
  ServerOptions options = with({.passwords_per_client_max = 2});
  options.password_threads = 1;
  TestServer server(options);
  const auto login = [](std::string_view client) {
    return "POST /password HTTP/1.1\r\nHost: a\r\nX-Client: " + std::string(client) +
           "\r\nContent-Length: 0\r\n\r\n";
  };
  Client running(server.port());
  running.send(login("192.0.2.1"));
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 1; }));
  Client waiting(server.port());
  waiting.send(login("192.0.2.1"));
  ASSERT_TRUE(eventually([&] { return server.metrics.password_queue.Value() == 1; }));

  Client refused(server.port());
  const Answer answer = refused.ask(login("192.0.2.1"));
  EXPECT_EQ(answer.body, "503 Too many requests of one client are waiting");
  EXPECT_TRUE(answer.has("\r\nRetry-After: 1\r\n"));
  EXPECT_EQ(server.refusals("Too many requests of one client are waiting"), 1);
  Client other(server.port());
  other.send(login("192.0.2.2"));
  ASSERT_TRUE(eventually([&] { return server.metrics.password_queue.Value() == 2; }));

  server.service.open_gate();
  for (Client* served : {&running, &waiting, &other}) EXPECT_EQ(served->read_answer().status, 200);
  for (int i = 0; i < 100; ++i) {  // the share is back before the answer is
    EXPECT_EQ(refused.ask(login("192.0.2.1")).status, 200) << i;
  }
}

TEST(Limits, WorkerWithoutMemoryStillAnswers) {
  ServerOptions options;
  options.worker_threads = 1;
  TestServer server(options);
  Client client(server.port());
  EXPECT_EQ(client.ask(get("/starve")).body, "GET /starve 0");
  EXPECT_EQ(client.ask(get("/a")).body, "500 Internal error");
  EXPECT_TRUE(server.serves());
}

TEST(Drain, LetsRunningRequestsFinishAndRefusesNewOnes) {
  TestServer server;
  const std::uint16_t port = server.port();
  Client running(port);
  Client kept(port);
  Client idle(port);
  EXPECT_EQ(kept.ask(get("/now")).status, 200);
  EXPECT_EQ(idle.ask(get("/now")).status, 200);
  running.send(get("/block"));
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 1; }));

  auto drained = std::async(std::launch::async, [&] { return server.server->drain(); });
  ASSERT_TRUE(eventually([&] { return Client(port).descriptor() < 0; }));  // the port is closed
  Answer refused;
  ASSERT_TRUE(eventually([&] {
    refused = kept.ask(get("/now"));
    return refused.status == 503 || refused.status == 0;
  }));
  EXPECT_EQ(refused.body, "503 Server is shutting down");
  EXPECT_TRUE(refused.has("\r\nConnection: close\r\n"));
  EXPECT_TRUE(kept.at_end());

  server.service.open_gate();
  const Answer answer = running.read_answer();
  EXPECT_EQ(answer.body, "GET /block 0");
  EXPECT_TRUE(answer.has("\r\nConnection: close\r\n"));
  EXPECT_TRUE(drained.get());
  EXPECT_TRUE(idle.at_end());
  EXPECT_EQ(server.metrics.connections.Value(), 0);
}

TEST(Drain, DoesNotWaitForAHeaderThatIsNotComplete) {
  TestServer server(with({.header_timeout_ms = 600'000, .drain_timeout_ms = 600'000}));
  Client half(server.port());
  EXPECT_EQ(half.ask(get("/now")).status, 200);
  half.send("GET /now HT");
  EXPECT_TRUE(server.server->drain());  // would take ten minutes
  EXPECT_TRUE(half.at_end());
}

TEST(Drain, DoesNotWaitForEver) {
  TestServer server(with({.drain_timeout_ms = 200}));
  Client stalled(server.port());
  stalled.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe");
  ASSERT_TRUE(eventually([&] { return server.service.exchanges() == 1; }));
  EXPECT_TRUE(server.server->drain());
  EXPECT_TRUE(stalled.at_end());
  EXPECT_EQ(server.service.exchanges(), 0);
  EXPECT_TRUE(server.server->drain());  // again: nothing to do
}

TEST(Drain, DoesNotWaitForAWorkerThatDoesNotReturn) {
  TestServer server(with({.drain_timeout_ms = 200}));
  Client stuck(server.port());
  stuck.send(get("/block"));
  ASSERT_TRUE(eventually([&] { return server.service.blocked() == 1; }));
  testing::internal::CaptureStderr();
  EXPECT_FALSE(server.server->drain());
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("request=\"GET /block\""), std::string::npos) << log;
  EXPECT_NE(log.find("holds its worker beyond the limit"), std::string::npos) << log;
  server.service.open_gate();  // or the test would wait for it
}

TEST(Stop, WithEverythingInProgress) {
  ServerOptions options;
  options.worker_threads = 1;
  auto server = std::make_unique<TestServer>(options);
  std::vector<std::unique_ptr<Client>> clients;
  for (const std::string& bytes :
       {get("/block"), get("/block"), get("/big"), get("/delay"), std::string("GET /"),
        std::string("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")}) {
    clients.push_back(std::make_unique<Client>(server->port()));
    clients.back()->send(bytes);
  }
  ASSERT_TRUE(eventually([&] { return server->service.blocked() == 1; }));
  server->service.open_gate();
  server->server.reset();
  EXPECT_EQ(server->service.exchanges(), 0);
  EXPECT_EQ(server->metrics.connections.Value(), 0);
  EXPECT_EQ(server->metrics.worker_queue.Value(), 0);
}

}  // namespace
}  // namespace muster::http
