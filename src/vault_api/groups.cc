#include "vault_api/groups.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "base/time.h"
#include "directory/group_service.h"
#include "vault_api/envelope.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/group_form.h"
#include "vault_api/paging.h"

namespace muster::vault_api {
namespace {

using directory::Domain;
using directory::Group;
using directory::GroupId;
using directory::GroupService;
using directory::UserPtr;

struct Property {
  std::string_view name;
  std::string_view type;
  std::size_t length;
  bool editable;
  bool required;
};

constexpr Property kProperties[] = {
    {"id", "id", 20, false, true},
    {"label__v", "String", GroupService::kLabelLength, true, true},
    {"allow_delegation_among_members__v", "Boolean", 1, true, false},
    {"group_description__v", "String", GroupService::kDescriptionLength, true, false},
};

GroupService service(const RequestContext& context) {
  return {context.state.dependencies.store, context.state.dependencies.clock};
}

// The group that the path names, or kInvalidData.
Result<GroupId> read_id(const RequestContext& context) {
  const std::string& text = context.path.at("id");
  if (const auto id = directory::parse_id<GroupId>(text)) return *id;
  return fail(ErrorType::kInvalidData, "Group [" + excerpt(text) + "] does not exist.");
}

// Groups as answers show them.
class GroupObjects {
 public:
  // Looks the vault's users up when the request wants implied members.
  static Result<GroupObjects> make(const RequestContext& context) {
    GroupObjects objects(context.caller());
    const auto wanted = read_flag("includeImplied", context.parameter("includeImplied"), false);
    if (!wanted) return std::unexpected(wanted.error());
    if (!*wanted) return objects;
    auto users = service(context).vault_members(context.caller());
    if (!users) return std::unexpected(users.error());
    objects.users_ = *std::move(users);
    objects.with_implied_ = true;
    return objects;
  }

  void write(codec::JsonWriter& json, const Group& group) const {
    json.begin_object();
    json.key("group");
    json.begin_object();
    write_members(json, group);
    json.member("active__v", group.active);
    write_profiles(json, group);
    json.member("name__v", group.name);
    json.member("modified_by__v", group.modified_by.value);
    json.member("editable__v", !group.system_group);
    json.member("allow_delegation_among_members__v", group.allow_delegation);
    write_date(json, "modified_date__v", group.modified_date);
    json.key("group_description__v");
    if (group.description.empty()) {
      json.null();
    } else {
      json.string(group.description);
    }
    json.member("system_group__v", group.system_group);
    json.member("label__v", group.label);
    write_date(json, "created_date__v", group.created_date);
    json.member("type__v", group.system_group ? "System Provided Group" : "User Managed Group");
    json.member("id", group.id.value);
    json.member("created_by__v", group.created_by.value);
    json.end_object();
    json.end_object();
  }

 private:
  explicit GroupObjects(const directory::Caller& caller) : caller_(caller) {}

  void write_members(codec::JsonWriter& json, const Group& group) const {
    json.key("members__v");
    json.begin_array();
    for (const directory::UserId id : group.members) json.number(id.value);
    json.end_array();
    if (!with_implied_) return;
    json.key("implied_members__v");
    json.begin_array();
    for (const UserPtr& user : users_) {
      if (caller_.domain->is_implied_member(group, *user, caller_.vault_id)) {
        write_implied(json, *user);
      }
    }
    json.end_array();
  }

  void write_implied(codec::JsonWriter& json, const directory::User& user) const {
    const directory::ProfileIndex profile = user.membership(caller_.vault_id)->profile;
    json.begin_object();
    json.member("id", user.id.value);
    json.member("source_name", caller_.domain->profile_name(profile));
    json.member("source_type", "security_profile");
    json.end_object();
  }

  static void write_profiles(codec::JsonWriter& json, const Group& group) {
    json.key("security_profiles__v");
    json.begin_array();
    for (const std::string& name : group.security_profiles) json.string(name);
    json.end_array();
  }

  // Files of older versions do not know these.
  static void write_date(codec::JsonWriter& json, std::string_view name, Timestamp at) {
    if (at != Timestamp{}) json.member(name, format_date_time(at));
  }

  const directory::Caller& caller_;
  std::vector<UserPtr> users_;
  bool with_implied_ = false;
};

Answer changed_group(std::string_view message, GroupId id) {
  codec::JsonWriter json = begin_success();
  if (!message.empty()) json.member("responseMessage", message);
  json.member("id", id.value);
  return end_success(json);
}

}  // namespace

Result<Answer> describe_group_fields(const RequestContext&) {
  codec::JsonWriter json = begin_success();
  json.key("properties");
  json.begin_array();
  for (const Property& property : kProperties) {
    json.begin_object();
    json.member("name", property.name);
    json.member("type", property.type);
    json.member("length", property.length);
    json.member("editable", property.editable);
    json.member("queryable", true);
    json.member("required", property.required);
    json.member("multivalue", false);
    json.member("onCreateEditable", property.editable);
    json.end_object();
  }
  json.end_array();
  return end_success(json);
}

Result<Answer> list_groups(const RequestContext& context) {
  const auto objects = GroupObjects::make(context);
  if (!objects) return std::unexpected(objects.error());
  codec::JsonWriter json = begin_success();
  json.key("groups");
  json.begin_array();
  for (const Group& group : context.caller().domain->groups) objects->write(json, group);
  json.end_array();
  return end_success(json);
}

Result<Answer> retrieve_group(const RequestContext& context) {
  const auto id = read_id(context);
  if (!id) return std::unexpected(id.error());
  const Group* group = context.caller().domain->find_group(*id);
  if (group == nullptr) {
    return fail(ErrorType::kInvalidData, "Group [" + to_string(*id) + "] does not exist.");
  }
  const auto objects = GroupObjects::make(context);
  if (!objects) return std::unexpected(objects.error());
  codec::JsonWriter json = begin_success();
  json.key("groups");
  json.begin_array();
  objects->write(json, *group);
  json.end_array();
  return end_success(json);
}

Result<Answer> list_auto_groups(const RequestContext& context) {
  auto page = read_page(context, "offset", PageTooLong::kRefuse);
  if (!page) return std::unexpected(page.error());
  if (context.parameter("limit").empty()) page->limit = limits::kPageSizeMax;
  codec::JsonWriter json = begin_success();
  json.key("data");
  json.begin_array();
  json.end_array();
  json.key("responseDetails");
  json.begin_object();
  json.member("offset", page->start);
  json.member("limit", page->limit);
  json.member("size", 0);
  json.member("total", 0);
  json.end_object();
  return end_success(json);
}

Result<Answer> create_group(const RequestContext& context) {
  const auto change = read_group_form(context.form);
  if (!change) return std::unexpected(change.error());
  const auto id = service(context).create(context.caller(), *change);
  if (!id) return std::unexpected(id.error());
  return changed_group("Group successfully created.", *id);
}

Result<Answer> update_group(const RequestContext& context) {
  const auto id = read_id(context);
  if (!id) return std::unexpected(id.error());
  const auto change = read_group_form(context.form);
  if (!change) return std::unexpected(change.error());
  if (auto done = service(context).update(context.caller(), *id, *change); !done) {
    return std::unexpected(done.error());
  }
  return changed_group("Group successfully updated.", *id);
}

Result<Answer> delete_group(const RequestContext& context) {
  const auto id = read_id(context);
  if (!id) return std::unexpected(id.error());
  if (auto done = service(context).remove(context.caller(), *id); !done) {
    return std::unexpected(done.error());
  }
  return changed_group({}, *id);
}

}  // namespace muster::vault_api
