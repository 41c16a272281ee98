#include "vault_api/object_records.h"

#include <string>

#include "base/text.h"
#include "directory/field_names.h"
#include "vault_api/envelope.h"
#include "vault_api/object_results.h"
#include "vault_api/query_target.h"
#include "vault_api/users_bulk.h"
#include "vault_api/written_call.h"

namespace muster::vault_api {
namespace {

using directory::BatchRules;
using directory::FieldId;

constexpr std::string_view kPrefix = "USR";  // names the kind of record, nobody reads it here

std::string path_to(const RequestContext& context, std::string_view kind) {
  return "/api/" + to_string(*context.facts.version) + std::string(kind) +
         std::string(user_records().name);
}

std::string records_url(const RequestContext& context) {
  return path_to(context, "/vobjects/") + "/";
}

void write_object(codec::JsonWriter& json, const RequestContext& context) {
  const QueryTarget& records = user_records();
  json.member("url", path_to(context, "/metadata/vobjects/"));
  json.member("label", records.label);
  json.member("name", records.name);
  json.member("label_plural", records.label_plural);
  json.member("prefix", kPrefix);
}

void write_field(codec::JsonWriter& json, const QueryField& field) {
  json.begin_object();
  json.member("name", field.name);
  json.member("label", field.label);
  json.member("type", field.type);
  if (field.length > 0) json.member("max_length", field.length);
  json.member("required", field.required);
  json.member("editable", field.editable);
  json.end_object();
}

Result<FieldId> read_id_param(std::string_view name) {
  const directory::Field* field = directory::kObjectNames.find(name);
  if (field != nullptr && (field->id == FieldId::kId || field->id == FieldId::kUserName ||
                           field->id == FieldId::kFederatedId)) {
    return field->id;
  }
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(name) +
                  "] for [idParam]; use id, username__sys or federated_id__sys.");
}

}  // namespace

Result<directory::UserPtr> find_record(const RequestContext& context) {
  const std::string& text = context.path.at("id");
  const directory::Caller& caller = context.caller();
  const std::unexpected<Error> unknown =
      fail(ErrorType::kInvalidData, "The resource [" + excerpt(text) + "] does not exist.");
  const auto id = directory::parse_id<directory::UserId>(text);
  if (!id) return unknown;
  const auto found = context.state.dependencies.users.retrieve_user(caller, *id);
  if (!found && found.error().type == ErrorType::kUnexpectedError) {
    return std::unexpected(found.error());
  }
  if (!found || (*found)->membership(caller.vault_id) == nullptr) return unknown;
  return found;
}

Result<Answer> retrieve_record(const RequestContext& context) {
  const directory::Caller& caller = context.caller();
  const auto found = find_record(context);
  if (!found) return std::unexpected(found.error());

  codec::JsonWriter json = begin_success();
  json.key("responseDetails");
  json.begin_object();
  json.member("url", records_url(context) + to_string((*found)->id));
  json.key("object");
  json.begin_object();
  write_object(json, context);
  json.end_object();
  json.end_object();
  json.key("data");
  json.begin_object();
  const ValueScope scope{*caller.domain, caller.vault_id};
  for (const QueryField& field : user_records().fields) {
    if (!user_records().is_set(field, **found, scope)) continue;
    json.key(field.name);
    user_records().write(json, field, **found, scope);
  }
  json.end_object();
  return end_success(json);
}

Result<BatchRules> update_record_rules(const RequestContext& context) {
  BatchRules rules{.blank = context.state.settings.blank_cell,
                   .names = &directory::kObjectNames,
                   .members_only = true};
  if (const auto name = context.parameter("idParam"); !name.empty()) {
    const auto key = read_id_param(name);
    if (!key) return std::unexpected(key.error());
    rules.key = *key;
  }
  return rules;
}

Result<BatchRules> create_record_rules(const RequestContext& context) {
  BatchRules rules{.operation = directory::BatchOperation::kCreate,
                   .key = FieldId::kUserName,
                   .blank = directory::BlankCell::kKeep,
                   .default_membership = directory::DefaultMembership::kSessionVault,
                   .names = &directory::kObjectNames,
                   .members_only = true};
  if (const auto name = context.parameter("idParam"); !name.empty()) {
    const auto key = read_id_param(name);
    if (!key) return std::unexpected(key.error());
    rules.operation = directory::BatchOperation::kUpsert;
    rules.key = *key;
  }
  return rules;
}

Result<Answer> write_records(const RequestContext& context) {
  return write_call(context, context.plan, CallKind::kBulk, [&](const auto& outcome) {
    return object_results({context.plan, outcome, records_url(context)}, context.answer_format);
  });
}

Result<Answer> refuse_record_deletion(const RequestContext&) {
  return fail(ErrorType::kOperationNotAllowed,
              "Users cannot be deleted; set status__v to inactive__v.");
}

Result<Answer> describe_records(const RequestContext& context) {
  codec::JsonWriter json = begin_success();
  json.key("object");
  json.begin_object();
  write_object(json, context);
  json.key("fields");
  json.begin_array();
  for (const QueryField& field : user_records().fields) write_field(json, field);
  json.end_array();
  json.end_object();
  return end_success(json);
}

}  // namespace muster::vault_api
