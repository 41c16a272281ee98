#include "vault_api/discovery.h"

#include <span>
#include <string>

#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

Result<bool> uses_sso(directory::Store& store, std::string_view user_name) {
  bool sso = false;
  const std::string name = directory::fold_user_name(user_name);
  const auto read = store.read([&](directory::Reader& reader) -> Result<void> {
    const auto users = reader.find_users_by_name(std::span(&name, 1));
    if (!users) return std::unexpected(users.error());
    const directory::UserPtr& user = users->front();
    const auto* policy =
        user == nullptr ? nullptr : reader.domain()->find_policy(user->security_policy_id);
    sso = policy != nullptr && policy->sso;
    return {};
  });
  if (!read) return std::unexpected(read.error());
  return sso;
}

}  // namespace

Result<Answer> discover_login(const RequestContext& context) {
  const std::string_view user_name = context.form_or_query("username");
  if (user_name.empty()) {
    return fail(ErrorType::kParameterRequired, "Missing required parameter [username].");
  }
  const auto sso = uses_sso(context.state.dependencies.store, user_name);
  if (!sso) return std::unexpected(sso.error());
  codec::JsonWriter json = begin_success();
  json.key("errors");
  json.begin_array();
  json.end_array();
  json.key("data");
  json.begin_object();
  json.member("auth_type", *sso ? "sso" : "password");
  if (*sso) {
    json.key("auth_profiles");
    json.begin_array();
    json.end_array();
  }
  json.end_object();
  return end_success(json);
}

Result<Answer> refuse_oauth(const RequestContext&) {
  return fail(ErrorType::kMethodNotSupported, "Logging in by OAuth is not supported.");
}

}  // namespace muster::vault_api
