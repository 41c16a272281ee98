#include "vault_api/audit_metadata.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.h"
#include "vault_api/audit_fields.h"
#include "vault_api/audit_query.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

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
  for (const Trail* trail : kTrails) write_trail(json, context, *trail);
  json.end_array();
  return end_success(json);
}

Result<Answer> describe_audit_trail(const RequestContext& context) {
  const std::string& name = context.path.find("trail")->second;
  const auto* const found =
      std::ranges::find_if(kTrails, [&](const Trail* trail) { return trail->name == name; });
  if (found == std::end(kTrails)) {
    return fail(ErrorType::kMalformedUrl, "Unknown audit trail [" + excerpt(name) + "].");
  }
  const Trail& trail = **found;
  codec::JsonWriter json = begin_success();
  json.key("data");
  json.begin_object();
  json.member("name", trail.name);
  json.member("label", trail.label);
  json.key("fields");
  json.begin_array();
  for (const TrailField& field : trail.fields) write_field(json, field);
  json.end_array();
  json.end_object();
  return end_success(json);
}

}  // namespace muster::vault_api
