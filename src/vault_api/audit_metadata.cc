#include "vault_api/audit_metadata.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "base/text.h"
#include "vault_api/audit_query.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

struct TrailField {
  std::string_view name;
  std::string_view label;
  std::string_view type = "String";
};

// In the order of the rows, see audit_trail.cc.
constexpr TrailField kDomainFields[] = {
    {"id", "ID"},
    {"timestamp", "Timestamp", "DateTime"},
    {"user_name", "User Name"},
    {"full_name", "Full Name"},
    {"on_behalf_of", "On Behalf Of"},
    {"action", "Action"},
    {"item", "Item"},
    {"field_name", "Field Name"},
    {"old_value", "Old Value"},
    {"new_value", "New Value"},
    {"execution_id", "Execution ID"},
};
constexpr TrailField kLoginFields[] = {
    {"id", "ID"},
    {"timestamp", "Timestamp", "DateTime"},
    {"user_name", "User Name"},
    {"full_name", "Full Name"},
    {"source_ip", "Source IP"},
    {"type", "Type"},
    {"status", "Status"},
    {"browser", "Browser"},
    {"platform", "Platform"},
};

struct TrailDescription {
  Trail trail;
  std::span<const TrailField> fields;
};

constexpr TrailDescription kTrails[] = {
    {kDomainTrail, kDomainFields},
    {kLoginTrail, kLoginFields},
};

void write_trail(codec::JsonWriter& json, const RequestContext& context, const Trail& trail) {
  json.begin_object();
  json.member("name", trail.name);
  json.member("label", trail.label);
  json.member("url", trail_metadata_url(context, trail));
  json.end_object();
}

void write_field(codec::JsonWriter& json, const TrailField& field) {
  json.begin_object();
  json.member("name", field.name);
  json.member("label", field.label);
  json.member("type", field.type);
  json.end_object();
}

}  // namespace

Result<Answer> list_audit_trails(const RequestContext& context) {
  codec::JsonWriter json = begin_success();
  json.key("audittrails");
  json.begin_array();
  for (const auto& description : kTrails) write_trail(json, context, description.trail);
  json.end_array();
  return end_success(json);
}

Result<Answer> describe_audit_trail(const RequestContext& context) {
  const std::string& name = context.path.find("trail")->second;
  const auto* const found = std::ranges::find(
      kTrails, name, [](const TrailDescription& description) { return description.trail.name; });
  if (found == std::end(kTrails)) {
    return fail(ErrorType::kMalformedUrl, "Unknown audit trail [" + excerpt(name) + "].");
  }
  codec::JsonWriter json = begin_success();
  json.key("data");
  json.begin_object();
  json.member("name", found->trail.name);
  json.member("label", found->trail.label);
  json.key("fields");
  json.begin_array();
  for (const TrailField& field : found->fields) write_field(json, field);
  json.end_array();
  json.end_object();
  return end_success(json);
}

}  // namespace muster::vault_api
