#include "vault_api/record_changes.h"

#include <string_view>

#include "directory/user_fields.h"

namespace muster::vault_api {
namespace {

using directory::FieldKind;

// Of "active__v" and of "vault_membership[3003].active__v". Plain texts may be of unknown fields.
FieldKind kind_of(std::string_view name) {
  const std::size_t part = name.rfind('.');
  const directory::Field* field =
      directory::find_field(part == name.npos ? name : name.substr(part + 1));
  return field == nullptr ? FieldKind::kText : field->kind;
}

void write_value(codec::JsonWriter& json, FieldKind kind, std::string_view text) {
  if (text.empty()) return json.null();
  if (kind == FieldKind::kBoolean) return json.boolean(text == "true");
  if (kind == FieldKind::kPolicy || kind == FieldKind::kReference) return json.raw(text);
  json.string(text);
}

}  // namespace

void write_changes(codec::JsonWriter& json, RecordChanges changes) {
  json.begin_array();
  for (const auto& change : changes) {
    const FieldKind kind = kind_of(change.field);
    json.begin_object();
    json.member("field", change.field);
    json.key("old");
    write_value(json, kind, change.old_value);
    json.key("new");
    write_value(json, kind, change.new_value);
    json.end_object();
  }
  json.end_array();
}

std::string changes_cell(RecordChanges changes) {
  if (changes.empty()) return {};
  codec::JsonWriter json;
  write_changes(json, changes);
  return json.take();
}

}  // namespace muster::vault_api
