#include "store/embedded/row_reader.h"

#include <algorithm>
#include <string>

namespace muster::store {
namespace {

using directory::Domain;

[[noreturn]] void refuse() { throw simdjson::simdjson_error(simdjson::INCORRECT_TYPE); }

std::string text_of(Json object, std::string_view key) {
  return std::string(object[key].get_string().value());
}
std::int64_t integer_of(Json object, std::string_view key) {
  return object[key].get_int64().value();
}
bool flag_of(Json object, std::string_view key) { return object[key].get_bool().value(); }

// What files of an older version lack.
bool has(Json object, std::string_view key) { return !object[key].error(); }

template <typename AnyId>
AnyId id_of(Json object, std::string_view key) {
  return read_id<AnyId>(integer_of(object, key));
}

int count_of(Json object, std::string_view key) {
  const std::int64_t value = integer_of(object, key);
  if (!std::in_range<int>(value)) refuse();
  return static_cast<int>(value);
}

// Reads each element of array `key` with `read` into `target`.
template <typename Target, typename Read>
void read_array(Json object, std::string_view key, Target& target, const Read& read) {
  for (const Json element : array_of(object, key)) target.push_back(read(element));
}

directory::Vault read_vault(Json object) {
  directory::Vault vault;
  vault.id = id_of<directory::VaultId>(object, "id");
  vault.name = text_of(object, "name");
  vault.dns = text_of(object, "dns");
  vault.family = text_of(object, "family");
  vault.active = flag_of(object, "active");
  read_array(object, "applications", vault.applications,
             [](Json element) { return std::string(element.get_string().value()); });
  return vault;
}

directory::SecurityPolicy read_policy(Json object) {
  directory::SecurityPolicy policy;
  policy.id = id_of<directory::PolicyId>(object, "id");
  policy.label = text_of(object, "label");
  policy.description = text_of(object, "description");
  policy.active = flag_of(object, "active");
  policy.sso = flag_of(object, "sso");
  policy.require_number = flag_of(object, "require_number");
  policy.require_uppercase = flag_of(object, "require_uppercase");
  policy.require_nonalphanumeric = flag_of(object, "require_nonalphanumeric");
  policy.min_length = count_of(object, "min_length");
  policy.expiration_days = count_of(object, "expiration_days");
  policy.history_reuse = count_of(object, "history_reuse");
  return policy;
}

directory::Group read_group(Json object) {
  directory::Group group;
  group.id = id_of<directory::GroupId>(object, "id");
  group.name = text_of(object, "name");
  group.label = text_of(object, "label");
  group.description = text_of(object, "description");
  group.active = flag_of(object, "active");
  group.system_group = flag_of(object, "system_group");
  read_array(object, "members", group.members,
             [](Json element) { return read_id<directory::UserId>(element.get_int64()); });
  std::ranges::sort(group.members);
  if (!has(object, "security_profiles")) return group;
  read_array(object, "security_profiles", group.security_profiles,
             [](Json element) { return std::string(element.get_string().value()); });
  group.allow_delegation = flag_of(object, "allow_delegation");
  group.created_by = id_of<directory::UserId>(object, "created_by");
  group.modified_by = id_of<directory::UserId>(object, "modified_by");
  group.created_date = timestamp(integer_of(object, "created_date"));
  group.modified_date = timestamp(integer_of(object, "modified_date"));
  return group;
}

directory::LicensePool read_pool(Json object) {
  const auto type = directory::parse_license(text_of(object, "type"));
  if (!type) refuse();
  return {*type, count_of(object, "licensed")};
}

std::uint8_t hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  refuse();
}

}  // namespace

Json JsonRow::element() {
  if (at_end()) throw simdjson::simdjson_error(simdjson::INDEX_OUT_OF_BOUNDS);
  const Json element = *next_;
  ++next_;
  return element;
}

directory::Digest read_digest(std::string_view hex) {
  directory::Digest digest{};
  if (hex.size() != 2 * digest.size()) refuse();
  for (std::size_t i = 0; i < digest.size(); ++i) {
    digest[i] = static_cast<std::uint8_t>(hex_digit(hex[2 * i]) << 4U | hex_digit(hex[2 * i + 1]));
  }
  return digest;
}

directory::Session read_session(Json row) {
  JsonRow values(row);
  directory::Session session;
  session.id_hash = read_digest(values.text());
  session.user_id = read_id<directory::UserId>(values.integer());
  session.vault_id = read_id<directory::VaultId>(values.integer());
  session.delegate_user_id = read_id<directory::UserId>(values.integer());
  session.created = timestamp(values.integer());
  session.last_activity = timestamp(values.integer());
  return session;
}

std::pair<directory::UserId, directory::Credential> read_credential(Json row) {
  JsonRow values(row);
  const auto id = read_id<directory::UserId>(values.integer());
  directory::Credential credential;
  credential.password_hash = values.text();
  credential.password_changed = timestamp(values.integer());
  for (JsonRow history(values.element()); !history.at_end();) {
    credential.history.emplace_back(history.text());
  }
  const std::int64_t failures = values.integer();
  if (!std::in_range<int>(failures)) refuse();
  credential.failures = static_cast<int>(failures);
  const Json locked_until = values.element();
  if (!locked_until.is_null()) credential.locked_until = timestamp(locked_until.get_int64());
  credential.last_vault = read_id<directory::VaultId>(values.integer());
  return {id, std::move(credential)};
}

Domain read_domain(Json object) {
  Domain domain;
  domain.id = id_of<directory::DomainId>(object, "id");
  domain.name = text_of(object, "name");
  domain.type = text_of(object, "type");
  read_array(object, "vaults", domain.vaults, read_vault);
  read_array(object, "policies", domain.policies, read_policy);
  read_array(object, "profiles", domain.profiles, [](Json profile) {
    return directory::SecurityProfile{text_of(profile, "name"), text_of(profile, "label")};
  });
  read_array(object, "groups", domain.groups, read_group);
  if (has(object, "last_group_id")) {
    domain.last_group_id = id_of<directory::GroupId>(object, "last_group_id");
  }
  read_array(object, "delegations", domain.delegations, [](Json delegation) {
    return directory::Delegation{id_of<directory::VaultId>(delegation, "vault_id"),
                                 id_of<directory::UserId>(delegation, "delegator"),
                                 id_of<directory::UserId>(delegation, "delegate")};
  });
  read_array(object, "licenses", domain.licenses, read_pool);
  return domain;
}

}  // namespace muster::store
