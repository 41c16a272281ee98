// From the bytes of a bulk body to its plan: 500 records of 21 columns as CSV and as JSON, in
// chunks of 64 KiB. Prints one JSON line of microseconds: the whole way, and the reader alone on
// the same bytes; medians of runs taken in turn.
//
//   bench_plan [NAME]     only the work of that name
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/metrics.h"
#include "codec/csv_reader.h"
#include "codec/json_reader.h"
#include "directory/fake_secrets.h"
#include "directory/session_service.h"
#include "directory/testing.h"
#include "directory/user_service.h"
#include "store/memory/memory_store.h"
#include "vault_api/bulk_body.h"
#include "vault_api/routes.h"

namespace {

using muster::Result;
using muster::codec::Record;
namespace directory = muster::directory;
namespace vault_api = muster::vault_api;

constexpr int kRecords = 500;
constexpr std::size_t kChunkBytes = std::size_t{64} * 1024;
constexpr int kRuns = 25;
constexpr int kRoundsPerRun = 20;

// Name and value of each column; "#" in a value stands for the record's number.
constexpr std::array<std::pair<std::string_view, std::string_view>, 21> kColumns = {{
    {"id", "#"},
    {"user_name__v", "user#@example.com"},
    {"user_first_name__v", "Maria#"},
    {"user_last_name__v", "Brandenburger#"},
    {"alias__v", "maria#"},
    {"user_email__v", "user#@mail.example.com"},
    {"user_timezone__v", "Europe/Berlin"},
    {"user_locale__v", "de_DE"},
    {"user_language__v", "de"},
    {"user_title__v", "Senior Specialist, Quality"},
    {"office_phone__v", "+41 61 555 # 1"},
    {"mobile_phone__v", "+41 79 555 # 2"},
    {"fax__v", "+41 61 555 # 3"},
    {"site__v", "Basel Building 12"},
    {"company__v", "S\xC3\xB6hne & Partner AG"},
    {"federated_id__v", "e-#"},
    {"salesforce_user_name__v", "user#@sales.example.com"},
    {"domain_active__v", "true"},
    {"security_policy_id__v", "821"},
    {"user_needs_to_change_password__v", "false"},
    {"vault_membership", "3003:true:document_user__v:full__v"},
}};

std::string value(std::string_view pattern, int record) {
  std::string text(pattern);
  if (const auto at = text.find('#'); at != text.npos) {
    text.replace(at, 1, std::to_string(25001 + record));
  }
  return text;
}

std::string make_csv() {
  std::string text;
  for (const auto& column : kColumns) text += (text.empty() ? "" : ",") + std::string(column.first);
  for (int record = 0; record < kRecords; ++record) {
    char separator = '\n';
    for (const auto& column : kColumns) {
      const std::string cell = value(column.second, record);
      const bool quote = cell.find(',') != cell.npos;
      text += separator + (quote ? '"' + cell + '"' : cell);
      separator = ',';
    }
  }
  return text + '\n';
}

std::string make_json() {
  std::string text;
  for (int record = 0; record < kRecords; ++record) {
    std::string_view separator = record == 0 ? "[{\"" : "},\n{\"";
    for (const auto& column : kColumns) {
      text += separator;
      text += std::string(column.first) + "\":\"" + value(column.second, record) + '"';
      separator = ",\"";
    }
  }
  return text + "}]";
}

class Server {
 public:
  Server() {
    caller_.domain = directory::testing::small_domain();
    caller_.vault_id = directory::testing::kQuality;
  }

  void plan(std::string_view type, std::string_view body) {
    muster::http::Request request;
    request.headers.add("Content-Type", type);
    vault_api::RequestContext context(request, state_);
    context.session = caller_;
    context.route = vault_api::find_route("PUT", "/api/v24.3/objects/users").value().route;
    auto opened = vault_api::open_bulk_body(context);
    if (!opened) throw std::runtime_error(opened.error().message);
    for (std::size_t at = 0; at < body.size(); at += kChunkBytes) {
      if (!(*opened)->feed(body.substr(at, kChunkBytes))) break;
    }
    if (auto done = (*opened)->finish(context); !done)
      throw std::runtime_error(done.error().message);
    if (context.plan.records.size() != kRecords) throw std::runtime_error("records missing");
    for (const auto& record : context.plan.records) {
      if (!record.errors.empty()) throw std::runtime_error(record.errors.front().message);
    }
  }

 private:
  muster::store::MemoryStore store_;
  directory::testing::StandingClock clock_;
  directory::testing::FakePasswordHasher passwords_;
  directory::testing::FakeHasher hasher_;
  directory::testing::FakeRandom random_;
  muster::Metrics metrics_;
  directory::UserService users_{store_, clock_};
  directory::SessionService sessions_{store_, clock_, passwords_, hasher_, random_, {}};
  directory::PasswordService password_changes_{store_, clock_, passwords_};
  vault_api::ApiState state_{
      {users_, sessions_, password_changes_, store_, clock_, random_, hasher_, metrics_}, {}};
  directory::Caller caller_;
};

class CountingSink final : public muster::codec::RecordSink {
 public:
  Result<void> on_header(std::span<const std::string_view>) override { return {}; }
  Result<void> on_record(const Record& record) override {
    for (const auto& cell : record.cells) bytes += cell.text.size();
    return {};
  }
  std::size_t bytes = 0;
};

template <typename Reader>
void read(std::string_view body) {
  CountingSink sink;
  Reader reader(sink);
  for (std::size_t at = 0; at < body.size(); at += kChunkBytes) {
    if (!reader.feed(body.substr(at, kChunkBytes))) throw std::runtime_error("refused");
  }
  if (!reader.finish() || sink.bytes == 0) throw std::runtime_error("nothing read");
}

double run_us(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kRoundsPerRun; ++i) work();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return took.count() * 1e6 / kRoundsPerRun;
}

}  // namespace

int main(int argc, char** argv) try {
  const std::string_view wanted = argc > 1 ? argv[1] : "";
  Server server;
  const std::string csv = make_csv();
  const std::string json = make_json();
  const std::pair<const char*, std::function<void()>> works[] = {
      {"csv_plan", [&] { server.plan("text/csv", csv); }},
      {"csv_read", [&] { read<muster::codec::CsvReader>(csv); }},
      {"json_plan", [&] { server.plan("application/json", json); }},
      {"json_read", [&] { read<muster::codec::JsonReader>(json); }},
  };
  std::vector<std::vector<double>> times(std::size(works));
  for (int run = 0; run < kRuns; ++run) {
    for (std::size_t i = 0; i < std::size(works); ++i) {
      if (std::string_view(works[i].first).find(wanted) == std::string_view::npos) continue;
      times[i].push_back(run_us(works[i].second));
    }
  }
  std::printf("{\"csv_bytes\":%zu,\"json_bytes\":%zu", csv.size(), json.size());
  for (std::size_t i = 0; i < std::size(works); ++i) {
    if (times[i].empty()) continue;
    std::ranges::sort(times[i]);
    std::printf(",\"%s_us\":%.1f", works[i].first, times[i][times[i].size() / 2]);
  }
  std::printf("}\n");
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_plan: %s\n", error.what());
  return 1;
}
