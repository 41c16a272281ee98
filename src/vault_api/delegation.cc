#include "vault_api/delegation.h"

#include <string>
#include <string_view>

#include "base/text.h"
#include "directory/session_service.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

template <typename AnyId>
Result<AnyId> read_id(const RequestContext& context, std::string_view name) {
  const std::string_view text = trim(context.form_or_query(name));
  if (text.empty()) {
    return fail(ErrorType::kParameterRequired,
                "Missing required parameter [" + std::string(name) + "].");
  }
  if (const auto id = directory::parse_id<AnyId>(text)) return *id;
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(text) + "] for parameter [" + std::string(name) + "].");
}

}  // namespace

Result<Answer> list_delegated_vaults(const RequestContext& context) {
  const auto grants = context.state.dependencies.sessions.delegations_of(context.caller());
  if (!grants) return std::unexpected(grants.error());
  codec::JsonWriter json = begin_success();
  json.key("delegated_vaults");
  json.begin_array();
  for (const directory::Delegation& grant : *grants) {
    const directory::Vault* vault = context.caller().domain->find_vault(grant.vault_id);
    if (vault == nullptr) continue;
    json.begin_object();
    json.member("id", vault->id.value);
    json.member("name", vault->name);
    json.member("dns", vault->dns);
    json.member("delegator_userid", to_string(grant.delegator));
    json.end_object();
  }
  json.end_array();
  return end_success(json);
}

Result<Answer> log_in_as_delegate(const RequestContext& context) {
  const auto vault = read_id<directory::VaultId>(context, "vault_id");
  if (!vault) return std::unexpected(vault.error());
  const auto delegator = read_id<directory::UserId>(context, "delegator_userid");
  if (!delegator) return std::unexpected(delegator.error());
  const auto session_id = context.state.dependencies.sessions.log_in_as_delegate(
      context.caller(), *vault, *delegator, context.origin.source_address);
  if (!session_id) return std::unexpected(session_id.error());
  codec::JsonWriter json = begin_success();
  json.member("delegated_sessionid", *session_id);
  return end_success(json);
}

}  // namespace muster::vault_api
