#include "vault_api/user_metadata.h"

#include <span>
#include <string_view>

#include "directory/catalogue.h"
#include "directory/user_fields.h"
#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

using directory::Field;
using directory::FieldKind;

void write_choice(codec::JsonWriter& json, std::string_view value, std::string_view label) {
  json.begin_object();
  json.member("value", value);
  json.member("label", label);
  json.end_object();
}

void write_choices(codec::JsonWriter& json, std::span<const directory::CatalogueValue> choices) {
  json.key("values");
  json.begin_array();
  for (const auto& choice : choices) write_choice(json, choice.value, choice.label);
  json.end_array();
}

void write_profiles(codec::JsonWriter& json, const directory::Domain& domain) {
  json.key("values");
  json.begin_array();
  for (const auto& profile : domain.profiles) write_choice(json, profile.name, profile.label);
  json.end_array();
}

void write_values(codec::JsonWriter& json, FieldKind kind, const directory::Domain& domain) {
  if (kind == FieldKind::kTimezone) write_choices(json, directory::time_zones());
  if (kind == FieldKind::kLocale) write_choices(json, directory::locales());
  if (kind == FieldKind::kLanguage) write_choices(json, directory::languages());
  if (kind == FieldKind::kProfile) write_profiles(json, domain);
}

void write_property(codec::JsonWriter& json, const Field& field, const directory::Domain& domain) {
  json.begin_object();
  json.member("name", field.name);
  json.member("type", field.type);
  json.member("length", field.length);
  if (!field.object.empty()) json.member("object", field.object);
  if (!field.picklist.empty()) json.member("picklist", field.picklist);
  json.member("editable", field.editable);
  json.member("queryable", field.queryable);
  json.member("required", field.required);
  json.member("multivalue", field.multivalue);
  json.member("onCreateEditable", field.on_create_editable);
  write_values(json, field.kind, domain);
  json.end_object();
}

}  // namespace

Result<Answer> describe_user_fields(const RequestContext& context) {
  codec::JsonWriter json = begin_success();
  json.key("properties");
  json.begin_array();
  for (const Field& field : directory::metadata_fields()) {
    write_property(json, field, *context.caller().domain);
  }
  json.end_array();
  return end_success(json);
}

}  // namespace muster::vault_api
