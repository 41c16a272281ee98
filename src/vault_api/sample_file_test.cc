#include "vault_api/sample_file.h"

#include "vault_api/api_testing.h"

namespace muster::vault_api {
namespace {

constexpr const char* kPath = "!/sample-files/vault-update-users-sample-csv-input.csv";

class SampleFile : public ApiTest {};

TEST_F(SampleFile, NeedsNoSessionAndIsCsv) {
  const Reply reply = call({.path = kPath});
  EXPECT_EQ(reply.content_type, "text/csv;charset=UTF-8");
  EXPECT_EQ(reply.header("X-VaultAPI-Status"), "SUCCESS");
  EXPECT_EQ(reply.body.substr(0, reply.body.find('\n')),
            "id,user_name__v,user_first_name__v,user_last_name__v,alias__v,user_email__v,"
            "user_timezone__v,user_locale__v,user_title__v,office_phone__v,fax__v,mobile_phone__v,"
            "site__v,is_domain_admin__v,active__v,domain_active__v,security_policy_id__v,"
            "user_needs_to_change_password__v,federated_id__v,salesforce_user_name__v,"
            "medidata_uuid__v,user_language__v,company__v,license_type__v,vault_membership");
}

// What the server hands out as an example it must accept itself.
TEST_F(SampleFile, IsAcceptedByTheCallItIsFor) {
  const Reply reply = call({.method = "PUT",
                            .path = "/objects/users",
                            .session = admin(),
                            .headers = {{"Content-Type", "text/csv"}, {"Accept", "text/csv"}},
                            .body = call({.path = kPath}).body});
  EXPECT_EQ(reply.body, "responseStatus,id,errors\nSUCCESS,25001,\nSUCCESS,25002,\n");
}

}  // namespace
}  // namespace muster::vault_api
