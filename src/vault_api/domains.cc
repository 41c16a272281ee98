#include "vault_api/domains.h"

#include <string>

#include "vault_api/envelope.h"
#include "vault_api/flag_parameter.h"

namespace muster::vault_api {
namespace {

using directory::Vault;

// "quality__v" -> "Quality".
std::string family_label(std::string_view name) {
  std::string label(name.substr(0, name.rfind("__")));
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') {
    label[0] = static_cast<char>(label[0] - 'a' + 'A');
  }
  return label;
}

// One text: real clients cannot read a list here.
std::string application_names(const Vault& vault) {
  std::string names;
  for (const std::string& application : vault.applications) {
    if (!names.empty()) names += ',';
    names += application;
  }
  return names;
}

void write_vault(codec::JsonWriter& json, const Vault& vault, bool with_applications) {
  json.begin_object();
  json.member("id", vault.id.value);
  json.member("vault_name__v", vault.name);
  json.member("vault_status__v", vault.active ? "Active" : "Inactive");
  if (with_applications) json.member("vault_application__v", application_names(vault));
  json.key("vault_family__v");
  json.begin_object();
  json.member("name__v", vault.family);
  json.member("label__v", family_label(vault.family));
  json.end_object();
  json.end_object();
}

}  // namespace

Result<Answer> retrieve_domain(const RequestContext& context) {
  if (!context.caller().is_domain_admin()) {
    return fail(ErrorType::kInsufficientAccess, "Only Domain Admins see the vaults of a domain.");
  }
  const directory::Domain& domain = *context.caller().domain;
  const auto with_applications =
      read_flag("include_application", context.parameter("include_application"), false);
  if (!with_applications) return std::unexpected(with_applications.error());
  codec::JsonWriter json = begin_success();
  json.member("responseMessage", "Success");
  json.key("domain__v");
  json.begin_object();
  // The first label of the name, as it stands in front of the vaults' DNS names.
  json.member("domain_name__v", std::string_view(domain.name).substr(0, domain.name.find('.')));
  json.member("domain_type__v", domain.type);
  json.key("vaults__v");
  json.begin_array();
  for (const Vault& vault : domain.vaults) write_vault(json, vault, *with_applications);
  json.end_array();
  json.end_object();
  return end_success(json);
}

Result<Answer> list_domains(const RequestContext& context) {
  const directory::Domain& domain = *context.caller().domain;
  codec::JsonWriter json = begin_success();
  json.member("responseMessage", "Success");
  json.key("domains");
  json.begin_array();
  json.begin_object();
  json.member("name", domain.name);
  json.member("type", domain.type);
  json.end_object();
  json.end_array();
  return end_success(json);
}

}  // namespace muster::vault_api
