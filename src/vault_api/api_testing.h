// A whole API in one process, for tests: a small seeded directory in memory, requests as
// strings in, responses as strings out.
//
//   class UsersTest : public ApiTest {};
//   const auto reply = call({.method = "GET", .path = "/objects/users/me", .session = admin()});
//   EXPECT_EQ(reply.body, R"({"responseStatus":"SUCCESS",...})");
//
// The directory: domain example.com; vaults 3003 Quality, 4112 Clinical, 5001 Archive (inactive);
//   25001 nadia.brandt  Vault Owner of 3003, member of 4112, federated id e-4711
//   25002 ana.ruiz      Document User of 3003, in group 6
//   25003 to 25005, 25007  Document Users of 3003
//   25006 mara.lindt    the only Domain Admin, Vault Owner of 3003 and 4112
//   25008 otto.stein    Business Admin of 3003
//   25009 ida.sole      member of no vault
// Each password is "Muster-1".
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/metrics.h"
#include "directory/fake_secrets.h"
#include "directory/session_service.h"
#include "directory/testing.h"
#include "directory/user_service.h"
#include "store/memory/memory_store.h"
#include "vault_api/api.h"

namespace muster::vault_api {

struct Reply {
  int status = 0;
  std::string content_type;
  std::string body;
  std::vector<http::ResponseHeader> headers;
  bool close = false;
  std::int64_t delay_ms = 0;
  bool before_body = false;     // refused without waiting for the body
  std::size_t bytes_taken = 0;  // of the body, before the verdict

  // Empty when absent.
  [[nodiscard]] std::string header(std::string_view name) const {
    for (const auto& header : headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }
  [[nodiscard]] boost::json::object json() const {
    boost::json::error_code broken;
    const auto value = boost::json::parse(body, broken);
    EXPECT_TRUE(!broken && value.is_object()) << body;
    return broken || !value.is_object() ? boost::json::object() : value.get_object();
  }
  // Type of the first error of the envelope, empty when there is none.
  [[nodiscard]] std::string error_type() const {
    const auto envelope = json();
    const auto* errors = envelope.if_contains("errors");
    if (errors == nullptr) return {};
    return std::string(errors->at(0).at("type").as_string());
  }
  [[nodiscard]] std::string message() const {
    const auto envelope = json();
    const auto* text = envelope.if_contains("responseMessage");
    return text == nullptr ? std::string() : std::string(text->as_string());
  }
};

struct TestCall {
  std::string method = "GET";
  std::string path = {};  // below /api/v23.3; one that begins with "!" is the whole target
  std::string session = {};
  std::vector<http::Header> headers = {};
  std::string body = {};
  std::size_t chunk_bytes = 64 * 1024;
  bool chunked = false;  // without Content-Length
};

class ApiTest : public ::testing::Test {
 protected:
  ApiTest() { seed(); }

  Reply call(const TestCall& wanted) { return call_on(api_, wanted); }

  Reply call_on(Api& api, const TestCall& wanted) {
    http::Request request;
    fill(request, wanted);
    auto begun = api.begin(request);
    if (auto* refused = std::get_if<http::Response>(&begun)) {
      return to_reply(std::move(*refused), true, 0);
    }
    auto& exchange = std::get<http::Accepted>(begun).exchange;
    std::size_t taken = 0;
    for (bool more = true; more && taken < wanted.body.size();) {
      const std::string chunk = wanted.body.substr(taken, wanted.chunk_bytes);
      taken += chunk.size();
      more = exchange->on_body(chunk);
    }
    return to_reply(exchange->finish(), false, taken);
  }

  std::string log_in(const std::string& name) {
    const auto answer = sessions_.log_in({.user_name = name + "@example.com",
                                          .password = "Muster-1",
                                          .vault_dns = "quality.example.com",
                                          .host = "quality.example.com",
                                          .source_ip = "192.0.2.10"});
    EXPECT_TRUE(answer.has_value()) << (answer ? "" : answer.error().message);
    return answer ? answer->session_id : std::string();
  }
  const std::string& admin() {
    if (admin_session_.empty()) admin_session_ = log_in("mara.lindt");
    return admin_session_;
  }

  directory::UserPtr stored(std::int32_t id) {
    directory::UserPtr user;
    const directory::UserId ids[] = {directory::UserId{id}};
    auto read = store_.read([&](directory::Reader& reader) -> Result<void> {
      user = reader.find_users(ids)->front();
      return {};
    });
    EXPECT_TRUE(read.has_value());
    return user;
  }

  Api make_api(ApiSettings settings) {
    return Api({users_, sessions_, password_changes_, store_, clock_, random_, hasher_, metrics_},
               std::move(settings));
  }

  store::MemoryStore store_;
  directory::testing::StandingClock clock_;
  directory::testing::FakePasswordHasher passwords_;
  directory::testing::FakeHasher hasher_;
  directory::testing::FakeRandom random_;
  Metrics metrics_;
  directory::UserService users_{store_, clock_};
  directory::SessionService sessions_{store_, clock_, passwords_, hasher_, random_, {}};
  directory::PasswordService password_changes_{store_, clock_, passwords_};
  Api api_{{users_, sessions_, password_changes_, store_, clock_, random_, hasher_, metrics_}, {}};

 private:
  static void fill(http::Request& request, const TestCall& wanted) {
    request.method = wanted.method;
    request.target =
        wanted.path.starts_with('!') ? wanted.path.substr(1) : "/api/v23.3" + wanted.path;
    const std::string_view target = request.target;
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != target.npos) request.query = target.substr(question + 1);
    request.remote_address = "192.0.2.10";
    request.chunked = wanted.chunked;
    if (!wanted.chunked && !wanted.body.empty()) request.content_length = wanted.body.size();
    if (!wanted.session.empty()) request.headers.add("Authorization", wanted.session);
    bool has_host = false;
    for (const auto& header : wanted.headers) {
      request.headers.add(header.name, header.value);
      has_host |= header.name == "Host";
      if (header.name == "Content-Length") request.content_length = std::stoull(header.value);
    }
    if (!has_host) request.headers.add("Host", "quality.example.com");
  }

  static Reply to_reply(http::Response response, bool before_body, std::size_t bytes_taken) {
    return {.status = response.status,
            .content_type = std::move(response.content_type),
            .body = std::move(response.body),
            .headers = std::move(response.headers),
            .close = response.close,
            .delay_ms = response.delay_ms,
            .before_body = before_body,
            .bytes_taken = bytes_taken};
  }

  struct Person {
    std::int32_t id;
    std::string_view name;
    std::string_view first;
    std::string_view last;
  };

  static std::shared_ptr<directory::User> make_person(const Person& person) {
    auto user = directory::testing::make_user(person.id);
    user->set_text(directory::FieldId::kUserName, std::string(person.name) + "@example.com");
    user->set_text(directory::FieldId::kFirstName, person.first);
    user->set_text(directory::FieldId::kLastName, person.last);
    return user;
  }

  static std::vector<std::shared_ptr<directory::User>> make_people() {
    using directory::testing::kClinical;
    using directory::testing::kQuality;
    static constexpr Person kPeople[] = {
        {25001, "nadia.brandt", "Nadia", "Brandt"}, {25002, "ana.ruiz", "Ana", "Ruiz"},
        {25003, "liam.osei", "Liam", "Osei"},       {25004, "tomas.silva", "Tomas", "Silva"},
        {25005, "mei.tan", "Mei", "Tan"},           {25006, "mara.lindt", "Mara", "Lindt"},
        {25007, "jon.berg", "Jon", "Berg"},         {25008, "otto.stein", "Otto", "Stein"},
        {25009, "ida.sole", "Ida", "Sole"}};
    std::vector<std::shared_ptr<directory::User>> people;
    for (const Person& person : kPeople) people.push_back(make_person(person));
    for (auto& user : people) {
      if (user->id.value != 25009) user->set_membership({.vault_id = kQuality});
    }
    people[0]->set_membership({.vault_id = kQuality, .profile = directory::kVaultOwner});
    people[0]->set_membership({.vault_id = kClinical});
    people[0]->set_text(directory::FieldId::kFederatedId, "e-4711");
    people[5]->set_membership({.vault_id = kQuality, .profile = directory::kVaultOwner});
    people[5]->set_membership({.vault_id = kClinical, .profile = directory::kVaultOwner});
    people[5]->is_domain_admin = true;
    people[7]->set_membership({.vault_id = kQuality, .profile = directory::kBusinessAdmin});
    return people;
  }

  void seed() {
    directory::Domain domain = directory::testing::small_domain_value();
    directory::add_all_internal_users(domain, directory::testing::kNoon);
    directory::Group group;
    group.id = directory::GroupId{6};
    group.name = "reviewers__c";
    group.label = "Reviewers";
    group.members = {directory::UserId{25002}};
    domain.groups.push_back(group);
    const auto people = make_people();
    auto written = store_.write({}, [&](directory::Transaction& tx) -> Result<void> {
      if (auto put = tx.put_domain(domain); !put) return put;
      std::vector<directory::UserChange> changes;
      for (const auto& user : people) changes.push_back({.before = nullptr, .after = user});
      if (auto put = tx.put_users(std::move(changes)); !put) return put;
      for (const auto& user : people) {
        directory::Credential credential;
        credential.password_hash = "fake:Muster-1";
        credential.password_changed = directory::testing::kNoon;
        if (auto put = tx.put_credential(user->id, credential); !put) return put;
      }
      return {};
    });
    EXPECT_TRUE(written.has_value()) << (written ? "" : written.error().message);
  }

  std::string admin_session_;
};

}  // namespace muster::vault_api
