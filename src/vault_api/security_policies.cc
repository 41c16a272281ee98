#include "vault_api/security_policies.h"

#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "vault_api/envelope.h"
#include "vault_api/origin.h"

namespace muster::vault_api {
namespace {

using directory::SecurityPolicy;

struct Property {
  std::string_view name;
  std::string_view type;
  std::string_view description;
  bool required = false;
};

constexpr Property kDetails[] = {
    {"name__v", "string", "Policy ID"},
    {"label__v", "string", "Policy Name", true},
    {"description__v", "string", "Description"},
    {"is_active__v", "boolean", "Active"},
};

constexpr Property kSettings[] = {
    {"authentication_type__v", "SummaryObject", "Authentication Type", true},
    {"passwords_require_number__v", "boolean", "Passwords need a number", true},
    {"passwords_require_uppercase_letter__v", "boolean", "Passwords need an upper-case letter",
     true},
    {"passwords_require_nonalpha_char__v", "boolean", "Passwords need a special character"},
    {"min_password_length__v", "number", "Minimum password length", true},
    {"password_expiration__v", "number", "Days until a password expires; 0 = never", true},
    {"password_history_reuse__v", "number", "Earlier passwords that may not come again; 0 = none",
     true},
};

// A part of a policy: its key in a policy and its name among the objects of the metadata.
struct Part {
  std::string_view key;
  std::string_view object;
  std::string_view description;
  std::span<const Property> properties;
};

constexpr Part kParts[] = {
    {"policy_details__v", "policy_details", "Details", kDetails},
    {"policy_security_settings__v", "policy_security_settings", "Security Settings", kSettings},
};

// Clients read `type` and `objectTypeReferenced` as lists.
void write_type(codec::JsonWriter& json, std::string_view type) {
  json.key("type");
  json.begin_array();
  json.string(type);
  json.end_array();
}

void write_part(codec::JsonWriter& json, const Part& part) {
  json.begin_object();
  json.member("name", part.key);
  write_type(json, "CompleteObject");
  json.member("description", part.description);
  json.key("objectTypeReferenced");
  json.begin_array();
  json.begin_object();
  json.member("type", part.object);
  json.end_object();
  json.end_array();
  json.end_object();
}

void write_property(codec::JsonWriter& json, const Property& property) {
  json.begin_object();
  json.member("name", property.name);
  write_type(json, property.type);
  json.member("description", property.description);
  json.member("required", property.required);
  json.member("editable", false);  // policies come from the seed file
  json.member("onCreateEditable", false);
  json.end_object();
}

void write_object(codec::JsonWriter& json, const Part& part) {
  json.begin_object();
  json.member("name", part.object);
  json.member("description", part.description);
  json.key("properties");
  json.begin_array();
  for (const Property& property : part.properties) write_property(json, property);
  json.end_array();
  json.end_object();
}

// A flag that is off is left out.
void write_flag(codec::JsonWriter& json, std::string_view name, bool value) {
  if (value) json.member(name, true);
}

void write_details(codec::JsonWriter& json, const SecurityPolicy& policy) {
  json.key("policy_details__v");
  json.begin_object();
  json.member("name__v", to_string(policy.id));
  json.member("label__v", policy.label);
  if (!policy.description.empty()) json.member("description__v", policy.description);
  write_flag(json, "is_active__v", policy.active);
  json.end_object();
}

void write_settings(codec::JsonWriter& json, const SecurityPolicy& policy) {
  json.key("policy_security_settings__v");
  json.begin_object();
  json.key("authentication_type__v");
  json.begin_object();
  json.member("name__v", policy.sso ? "SSO" : "Password");
  json.member("label__v", policy.sso ? "Single Sign-on" : "Password");
  json.end_object();
  write_flag(json, "passwords_require_number__v", policy.require_number);
  write_flag(json, "passwords_require_uppercase_letter__v", policy.require_uppercase);
  write_flag(json, "passwords_require_nonalpha_char__v", policy.require_nonalphanumeric);
  json.member("min_password_length__v", policy.min_length);
  json.member("password_expiration__v", policy.expiration_days);
  json.member("password_history_reuse__v", policy.history_reuse);
  json.end_object();
}

std::string policy_url(const RequestContext& context, const SecurityPolicy& policy) {
  return base_url(context.origin, context.state.settings) + "/api/" +
         to_string(*context.facts.version) + "/objects/securitypolicies/" + to_string(policy.id);
}

}  // namespace

Result<Answer> describe_security_policies(const RequestContext&) {
  codec::JsonWriter json = begin_success();
  json.member("responseMessage", "Success");
  json.key("metadata");
  json.begin_object();
  json.member("name", "security_policy");
  json.member("description", "Security Policy");
  json.key("properties");
  json.begin_array();
  for (const Part& part : kParts) write_part(json, part);
  json.end_array();
  json.key("objects");
  json.begin_array();
  for (const Part& part : kParts) write_object(json, part);
  json.end_array();
  json.end_object();
  return end_success(json);
}

Result<Answer> list_security_policies(const RequestContext& context) {
  codec::JsonWriter json = begin_success();
  json.key("security_policies__v");
  json.begin_array();
  for (const SecurityPolicy& policy : context.caller().domain->policies) {
    json.begin_object();
    json.member("name__v", to_string(policy.id));
    json.member("label__v", policy.label);
    json.member("value__v", policy_url(context, policy));
    json.end_object();
  }
  json.end_array();
  return end_success(json);
}

Result<Answer> retrieve_security_policy(const RequestContext& context) {
  const std::string& name = context.path.at("name__v");
  const auto id = directory::parse_id<directory::PolicyId>(name);
  const SecurityPolicy* policy = id ? context.caller().domain->find_policy(*id) : nullptr;
  if (policy == nullptr) {
    return fail(ErrorType::kInvalidData, "Security policy [" + excerpt(name) + "] does not exist.");
  }
  codec::JsonWriter json = begin_success();
  json.member("responseMessage", "Success");
  json.key("security_policy__v");
  json.begin_object();
  write_details(json, *policy);
  write_settings(json, *policy);
  json.end_object();
  return end_success(json);
}

}  // namespace muster::vault_api
