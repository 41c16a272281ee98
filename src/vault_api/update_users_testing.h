// Update Multiple Users in tests: bodies in, answers out, and a look at what was stored.
#pragma once

#include <string>

#include "vault_api/api_testing.h"

namespace muster::vault_api {

inline const std::string kResultHeader = "responseStatus,id,errors\n";

class UpdateUsers : public ApiTest {
 protected:
  Reply put(const std::string& content_type, const std::string& body,
            const std::string& accept = "application/json") {
    return call(make_put(content_type, body, accept));
  }
  Reply put_csv(const std::string& body, const std::string& accept = "text/csv") {
    return put("text/csv", body, accept);
  }
  Reply put_json(const std::string& body) { return put("application/json", body); }

  TestCall make_put(const std::string& content_type, const std::string& body,
                    const std::string& accept) {
    TestCall wanted{.method = "PUT", .path = "/objects/users", .session = admin(), .body = body};
    if (!content_type.empty()) wanted.headers.push_back({"Content-Type", content_type});
    if (!accept.empty()) wanted.headers.push_back({"Accept", accept});
    return wanted;
  }

  // The whole request failed and nothing was applied.
  void expect_refused(const Reply& reply, const std::string& type, const std::string& message) {
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.content_type, "application/json;charset=UTF-8");
    EXPECT_EQ(reply.header("X-VaultAPI-Status"), "FAILURE");
    EXPECT_EQ(reply.error_type(), type) << reply.body;
    EXPECT_EQ(reply.message(), message);
    EXPECT_EQ(reply.json().if_contains("data"), nullptr);
    EXPECT_EQ(title(25001), "");
  }

  std::string title(std::int32_t id) { return text(id, directory::FieldId::kTitle); }
  std::string text(std::int32_t id, directory::FieldId field) {
    return std::string(stored(id)->text(field));
  }
};

}  // namespace muster::vault_api
