#include "store/embedded/row_text.h"

#include "base/json_escape.h"
#include "store/embedded/json_text.h"

namespace muster::store {
namespace {

using directory::Domain;

// Appends "name": and the value, after a comma unless it is the first member.
class Members {
 public:
  explicit Members(std::string& out) : out_(out) { out_ += '{'; }

  void text(std::string_view name, std::string_view value) { append_json_string(key(name), value); }
  void integer(std::string_view name, std::int64_t value) { append_integer(key(name), value); }
  void flag(std::string_view name, bool value) { key(name) += value ? "true" : "false"; }

  template <typename Range, typename Append>
  void array(std::string_view name, const Range& range, const Append& append) {
    key(name) += '[';
    Commas commas;
    for (const auto& element : range) {
      commas.next(out_);
      append(element);
    }
    out_ += ']';
  }

  void end() { out_ += '}'; }

 private:
  std::string& key(std::string_view name) {
    commas_.next(out_);
    append_json_string(out_, name);
    return out_ += ':';
  }

  std::string& out_;
  Commas commas_;
};

void append_vault(std::string& out, const directory::Vault& vault) {
  Members members(out);
  members.integer("id", vault.id.value);
  members.text("name", vault.name);
  members.text("dns", vault.dns);
  members.text("family", vault.family);
  members.flag("active", vault.active);
  members.array("applications", vault.applications,
                [&](const std::string& application) { append_json_string(out, application); });
  members.end();
}

void append_policy(std::string& out, const directory::SecurityPolicy& policy) {
  Members members(out);
  members.integer("id", policy.id.value);
  members.text("label", policy.label);
  members.text("description", policy.description);
  members.flag("active", policy.active);
  members.flag("sso", policy.sso);
  members.flag("require_number", policy.require_number);
  members.flag("require_uppercase", policy.require_uppercase);
  members.flag("require_nonalphanumeric", policy.require_nonalphanumeric);
  members.integer("min_length", policy.min_length);
  members.integer("expiration_days", policy.expiration_days);
  members.integer("history_reuse", policy.history_reuse);
  members.end();
}

void append_profile(std::string& out, const directory::SecurityProfile& profile) {
  Members members(out);
  members.text("name", profile.name);
  members.text("label", profile.label);
  members.end();
}

void append_group(std::string& out, const directory::Group& group) {
  Members members(out);
  members.integer("id", group.id.value);
  members.text("name", group.name);
  members.text("label", group.label);
  members.text("description", group.description);
  members.flag("active", group.active);
  members.flag("system_group", group.system_group);
  members.array("members", group.members,
                [&](directory::UserId id) { append_integer(out, id.value); });
  members.array("security_profiles", group.security_profiles,
                [&](const std::string& name) { append_json_string(out, name); });
  members.flag("allow_delegation", group.allow_delegation);
  members.integer("created_by", group.created_by.value);
  members.integer("modified_by", group.modified_by.value);
  members.integer("created_date", milliseconds(group.created_date));
  members.integer("modified_date", milliseconds(group.modified_date));
  members.end();
}

void append_delegation(std::string& out, const directory::Delegation& delegation) {
  Members members(out);
  members.integer("vault_id", delegation.vault_id.value);
  members.integer("delegator", delegation.delegator.value);
  members.integer("delegate", delegation.delegate.value);
  members.end();
}

void append_pool(std::string& out, const directory::LicensePool& pool) {
  Members members(out);
  members.text("type", directory::license_name(pool.type));
  members.integer("licensed", pool.licensed);
  members.end();
}

}  // namespace

std::string digest_text(const directory::Digest& digest) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text += kHex[byte >> 4U];
    text += kHex[byte & 0xFU];
  }
  return text;
}

void append_time(std::string& out, std::optional<Timestamp> at) {
  if (at) {
    append_integer(out, milliseconds(*at));
  } else {
    out += "null";
  }
}

void append_session(std::string& out, const directory::Session& session) {
  out += '[';
  append_json_string(out, digest_text(session.id_hash));
  for (const std::int64_t value :
       {std::int64_t{session.user_id.value}, std::int64_t{session.vault_id.value},
        std::int64_t{session.delegate_user_id.value}, milliseconds(session.created),
        milliseconds(session.last_activity)}) {
    out += ',';
    append_integer(out, value);
  }
  out += ']';
}

void append_credential(std::string& out, directory::UserId id,
                       const directory::Credential& credential) {
  out += '[';
  append_integer(out, id.value);
  out += ',';
  append_json_string(out, credential.password_hash);
  out += ',';
  append_integer(out, milliseconds(credential.password_changed));
  out += ",[";
  Commas commas;
  for (const std::string& hash : credential.history) {
    commas.next(out);
    append_json_string(out, hash);
  }
  out += "],";
  append_integer(out, credential.failures);
  out += ',';
  append_time(out, credential.locked_until);
  out += ',';
  append_integer(out, credential.last_vault.value);
  out += ']';
}

void append_domain(std::string& out, const Domain& domain) {
  Members members(out);
  members.integer("id", domain.id.value);
  members.text("name", domain.name);
  members.text("type", domain.type);
  members.array("vaults", domain.vaults, [&](const auto& vault) { append_vault(out, vault); });
  members.array("policies", domain.policies,
                [&](const auto& policy) { append_policy(out, policy); });
  members.array("profiles", domain.profiles,
                [&](const auto& profile) { append_profile(out, profile); });
  members.array("groups", domain.groups, [&](const auto& group) { append_group(out, group); });
  members.integer("last_group_id", domain.last_group_id.value);
  members.array("delegations", domain.delegations,
                [&](const auto& delegation) { append_delegation(out, delegation); });
  members.array("licenses", domain.licenses, [&](const auto& pool) { append_pool(out, pool); });
  members.end();
}

}  // namespace muster::store
