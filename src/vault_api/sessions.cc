#include "vault_api/sessions.h"

#include <string>
#include <utility>

#include "directory/session_id.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

using directory::LoginAnswer;
using directory::LoginRequest;

std::string credential(const RequestContext& context, std::string_view name) {
  return std::string(context.form_or_query(name));
}

LoginRequest read_login(const RequestContext& context) {
  return {.user_name = credential(context, "username"),
          .password = credential(context, "password"),
          .vault_dns = credential(context, "vaultDNS"),
          .host = context.origin.host,
          .source_ip = context.origin.source_address};
}

const std::string& asked_for(const LoginRequest& login) {
  return login.vault_dns.empty() ? login.host : login.vault_dns;
}

Burst to_burst(const directory::LoginBurst::Burst& burst) {
  return {.limit = burst.limit, .remaining = burst.remaining, .delay_ms = burst.delay_ms};
}

Answer refused_login(const RequestContext& context, const Error& error,
                     std::optional<Burst> burst) {
  context.state.dependencies.metrics.logins(wire_name(error.type)).Increment();
  Answer answer = login_failure(error);
  answer.login_burst = burst;
  return answer;
}

void write_vaults(codec::JsonWriter& json, const RequestContext& context,
                  const LoginRequest& request, const LoginAnswer& login,
                  const directory::Domain& domain) {
  const std::string base = base_url(context.origin, context.state.settings);
  const VaultUrlRule rule{.scheme = base.substr(0, base.find("://")),
                          .base = base,
                          .asked_for = asked_for(request),
                          .session_vault = login.vault_id};
  json.key("vaultIds");
  json.begin_array();
  for (const directory::VaultId id : login.vault_ids) {
    const directory::Vault* vault = domain.find_vault(id);
    if (vault == nullptr) continue;
    json.begin_object();
    json.member("id", id.value);
    json.member("name", vault->name);
    json.member("url", vault_url(domain, *vault, rule));
    json.end_object();
  }
  json.end_array();
}

// REQUIRES: the login just succeeded, so the domain is there.
Result<Answer> session_opened(const RequestContext& context, const LoginRequest& request,
                              const LoginAnswer& login) {
  directory::DomainPtr domain;
  auto read = context.state.dependencies.store.read([&](directory::Reader& reader) -> Result<void> {
    domain = reader.domain();
    return {};
  });
  if (!read) return std::unexpected(read.error());
  codec::JsonWriter json = begin_success();
  json.member("sessionId", login.session_id);
  json.member("userId", login.user->id.value);
  write_vaults(json, context, request, login, *domain);
  json.member("vaultId", login.vault_id.value);
  Answer answer = end_success(json);
  answer.opened = {.vault_id = login.vault_id,
                   .user_id = login.user->id,
                   .truncated_id = directory::truncated_session_id(login.session_id)};
  return answer;
}

}  // namespace

Result<Answer> list_versions(const RequestContext& context) {
  const std::string base = base_url(context.origin, context.state.settings) + "/api/";
  codec::JsonWriter json = begin_success();
  json.key("values");
  json.begin_object();
  for (const Version version : all_versions()) {
    const std::string name = to_string(version);
    json.member(name, base + name);
  }
  json.end_object();
  return end_success(json);
}

Result<Answer> log_in(const RequestContext& context) {
  const LoginRequest request = read_login(context);
  std::optional<Burst> burst;
  if (!request.user_name.empty() && !request.password.empty()) {
    auto& sessions = context.state.dependencies.sessions;
    auto counted = sessions.count_login(request.user_name, asked_for(request));
    if (!counted) {
      return refused_login(context, counted.error(),
                           Burst{.limit = sessions.login_limit(), .remaining = 0, .delay_ms = 0});
    }
    burst = to_burst(*counted);
  }
  auto login = context.state.dependencies.sessions.log_in(request);
  if (!login) {
    if (login.error().type == ErrorType::kUnexpectedError) return std::unexpected(login.error());
    return refused_login(context, login.error(), burst);
  }
  auto answer = session_opened(context, request, *login);
  if (!answer) return answer;
  context.state.dependencies.metrics.logins("Success").Increment();
  answer->login_burst = burst;
  return answer;
}

Result<Answer> keep_alive(const RequestContext& context) {
  context.state.dependencies.sessions.touch(context.caller());
  return success();
}

Result<Answer> end_session(const RequestContext& context) {
  auto ended =
      context.state.dependencies.sessions.end(context.caller(), context.origin.source_address);
  if (!ended) return std::unexpected(ended.error());
  return success();
}

}  // namespace muster::vault_api
