#include "vault_api/permissions.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/text.h"
#include "vault_api/envelope.h"
#include "vault_api/user_write.h"

namespace muster::vault_api {
namespace {

constexpr std::array<std::string_view, 2> kNames{"object.user__sys.object_actions",
                                                 "object.user__sys.field_actions"};

// object.{object}.{object|field}_actions
bool is_permission_name(std::string_view name) {
  constexpr std::string_view kStart = "object.";
  if (!name.starts_with(kStart)) return false;
  name.remove_prefix(kStart.size());
  const std::size_t dot = name.find('.');
  if (dot == 0 || dot == name.npos || !is_word(name.substr(0, dot))) return false;
  const std::string_view actions = name.substr(dot + 1);
  return actions == "object_actions" || actions == "field_actions";
}

// The name that is asked for; empty: all.
Result<std::string_view> read_filter(const RequestContext& context) {
  constexpr std::string_view kKey = "name__v::";
  const std::string_view filter = context.form_or_query("filter");
  if (filter.empty()) return filter;
  if (filter.starts_with(kKey) && is_permission_name(filter.substr(kKey.size()))) {
    return filter.substr(kKey.size());
  }
  return fail(ErrorType::kInvalidFilter,
              "Invalid filter [" + excerpt(filter) +
                  "]; use name__v::object.{object}.object_actions or .field_actions.");
}

bool may_edit(const directory::User& user, directory::VaultId vault) {
  const directory::Membership* membership = user.membership(vault);
  return membership != nullptr && membership->active &&
         (membership->profile == directory::kVaultOwner ||
          membership->profile == directory::kSystemAdmin);
}

Result<Answer> permissions_of(const RequestContext& context, const directory::User& user) {
  const auto wanted = read_filter(context);
  if (!wanted) return std::unexpected(wanted.error());
  const bool edits = may_edit(user, context.caller().vault_id);
  codec::JsonWriter json = begin_success();
  json.key("data");
  json.begin_array();
  for (const std::string_view name : kNames) {
    if (!wanted->empty() && name != *wanted) continue;
    json.begin_object();
    json.member("name__v", name);
    json.key("permissions");
    json.begin_object();
    json.member("read", true);
    json.member("edit", edits);
    json.member("create", edits);
    json.member("delete", false);  // nothing is ever deleted
    json.end_object();
    json.end_object();
  }
  json.end_array();
  return end_success(json);
}

}  // namespace

Result<Answer> retrieve_my_permissions(const RequestContext& context) {
  return permissions_of(context, *context.caller().user);
}

Result<Answer> retrieve_permissions(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("id"));
  if (!id) return std::unexpected(id.error());
  const auto user = context.state.dependencies.users.retrieve_user(context.caller(), *id);
  if (!user) return std::unexpected(user.error());
  return permissions_of(context, **user);
}

}  // namespace muster::vault_api
