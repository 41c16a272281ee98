#include "vault_api/discovery.h"

#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

class Discovery : public ApiTest {
 protected:
  Reply ask(const std::string& path, const std::string& form = "") {
    return call({.method = "POST",
                 .path = path,
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                 .body = form});
  }
};

constexpr const char* kPasswordAnswer =
    R"({"responseStatus":"SUCCESS","errors":[],"data":{"auth_type":"password"}})";

TEST_F(Discovery, KnownAndUnknownNamesAnswerAlikeWhereverTheyStand) {
  for (const char* name : {"nadia.brandt@example.com", "nobody@example.com"}) {
    const std::string field = "username=" + std::string(name);
    EXPECT_EQ(ask("!/auth/discovery", field).body, kPasswordAnswer);
    EXPECT_EQ(ask("!/auth/discovery?client_id=x&" + field).body, kPasswordAnswer);
    EXPECT_EQ(ask("/auth/discovery", field).body, kPasswordAnswer);
  }
  EXPECT_EQ(ask("!/auth/discovery").error_type(), "PARAMETER_REQUIRED");
  EXPECT_EQ(call({.path = "!/auth/discovery"}).error_type(), "METHOD_NOT_SUPPORTED");
}

TEST_F(Discovery, UsersOfASingleSignOnPolicy) {
  ASSERT_TRUE(store_.write({}, [](directory::Transaction& tx) {
    directory::Domain domain = *tx.domain();
    for (auto& policy : domain.policies) policy.sso = true;
    return tx.put_domain(std::move(domain));
  }));
  EXPECT_EQ(ask("/auth/discovery", "username=NADIA.brandt@example.com").body,
            R"({"responseStatus":"SUCCESS","errors":[],"data":{"auth_type":"sso",)"
            R"("auth_profiles":[]}})");
}

TEST_F(Discovery, OauthIsNotSupported) {
  EXPECT_EQ(ask("!/auth/oauth/session/77").error_type(), "METHOD_NOT_SUPPORTED");
  EXPECT_EQ(ask("/auth/oauth/session/77").error_type(), "METHOD_NOT_SUPPORTED");
}

}  // namespace
}  // namespace muster::vault_api
