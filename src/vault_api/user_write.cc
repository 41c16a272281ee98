#include "vault_api/user_write.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "base/text.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"
#include "vault_api/envelope.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/object_body.h"
#include "vault_api/record_results.h"
#include "vault_api/written_call.h"

namespace muster::vault_api {
namespace {

using directory::BatchPlanBuilder;
using directory::FieldId;
using directory::UserId;
using directory::ValueKind;

std::string_view name_of(FieldId field) { return directory::field(field).name; }

BatchPlanBuilder begin_plan(const RequestContext& context, UserId id,
                            directory::BatchRules rules = {.single = true}) {
  BatchPlanBuilder builder(context.caller().domain, rules);
  MUSTER_ASSERT(builder.begin_record());  // the first of this builder
  builder.cell(name_of(FieldId::kId), {ValueKind::kText, to_string(id)});
  return builder;
}

Answer changed_user(UserId id) {
  codec::JsonWriter json = begin_success();
  json.member("id", id.value);
  return end_success(json);
}

// The outcome of the only record. Errors: those of the whole request.
Result<directory::RecordOutcome> write_one(const RequestContext& context,
                                           BatchPlanBuilder& builder) {
  builder.end_record();
  auto outcome = context.state.dependencies.users.write_users(context.caller(), builder.take());
  if (!outcome) return std::unexpected(outcome.error());
  return std::move(outcome->records.front());
}

Result<Answer> answer_one(const RequestContext& context, BatchPlanBuilder& builder) {
  builder.end_record();
  return write_call(context, builder.take(), CallKind::kOne, one_result);
}

Result<Answer> update(const RequestContext& context, UserId id) {
  BatchPlanBuilder builder = begin_plan(context, id);
  for (const ObjectCell& cell : context.cells) {
    const directory::Field* field = directory::find_field(cell.name);
    if (field == nullptr || field->id != FieldId::kId) {
      put_cell(builder, cell);
    } else if (!trim(cell.text).empty() && cell.text != to_string(id)) {
      // A blank says nothing, and who repeats the id of the URL may.
      builder.record_error(ErrorType::kInvalidData, "The URL names user [" + to_string(id) + "].");
    }
  }
  return answer_one(context, builder);
}

bool is_member(const RequestContext& context, UserId id) {
  const auto user = context.state.dependencies.users.retrieve_user(context.caller(), id);
  return user && (*user)->membership(context.caller().vault_id) != nullptr;
}

Result<directory::VaultId> read_vault(const RequestContext& context) {
  const std::string& text = context.path.at("vault_id");
  const auto id = directory::parse_id<directory::VaultId>(text);
  if (id && context.caller().domain->find_vault(*id) != nullptr) return *id;
  return fail(ErrorType::kInvalidData, "Vault [" + excerpt(text) + "] does not exist.");
}

constexpr FieldId kMembershipFields[] = {FieldId::kActive, FieldId::kSecurityProfile,
                                         FieldId::kLicenseType};

bool is_membership_value(const directory::Domain& domain, FieldId field, std::string_view value) {
  if (value.empty()) return true;  // not sent
  if (field == FieldId::kActive) return directory::parse_boolean(value).has_value();
  if (field == FieldId::kLicenseType) return directory::parse_license(value).has_value();
  return domain.find_profile(value).has_value();
}

// What the form holds besides would be lost without a word.
Result<void> check_membership_form(const RequestContext& context) {
  for (const codec::FormField& field : context.form) {
    const bool is_known =
        field.name == "client_id" ||
        std::ranges::find(kMembershipFields, field.name, name_of) != std::end(kMembershipFields);
    if (!is_known) {
      return fail(ErrorType::kAttributeNotSupported,
                  "Field [" + excerpt(field.name) + "] is not supported by this call.");
    }
  }
  return {};
}

// "3003:true:document_user__v:full__v" of the form's parts; a part that was not sent stays empty.
Result<std::string> membership_text(const RequestContext& context, directory::VaultId vault) {
  std::string text = to_string(vault);
  for (const FieldId field : kMembershipFields) {
    const std::string_view value = trim(context.form_or_query(name_of(field)));
    if (!is_membership_value(*context.caller().domain, field, value)) {
      return fail(ErrorType::kInvalidData, "Invalid value [" + excerpt(value) + "] for field [" +
                                               std::string(name_of(field)) + "].");
    }
    text += ':';
    text += value;
  }
  return text;
}

}  // namespace

Result<UserId> read_user_id(std::string_view text) {
  if (const auto id = directory::parse_id<UserId>(text)) return *id;
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (is_number) {  // larger than any id
    return fail(ErrorType::kUserNotFound, "User [" + excerpt(text) + "] does not exist.");
  }
  return fail(ErrorType::kInvalidData, "Invalid user ID [" + excerpt(text) + "].");
}

Result<Answer> update_user(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("id"));
  return id ? update(context, *id) : std::unexpected(id.error());
}

Result<Answer> update_me(const RequestContext& context) {
  return update(context, context.caller().user->id);
}

Result<Answer> disable_user(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("id"));
  if (!id) return std::unexpected(id.error());
  if (*id == context.caller().user->id) return refuse_disabling_me(context);
  const auto in_domain = read_flag("domain", context.parameter("domain"), false);
  if (!in_domain) return std::unexpected(in_domain.error());
  BatchPlanBuilder builder = begin_plan(context, *id);
  builder.cell(name_of(*in_domain ? FieldId::kDomainActive : FieldId::kActive),
               {ValueKind::kBoolean, "false"});
  const auto record = write_one(context, builder);
  if (!record) return std::unexpected(record.error());
  if (!record->succeeded()) return failure(record->errors);
  if (!*in_domain && !record->changed && !is_member(context, *id)) {
    return fail(ErrorType::kOperationNotAllowed,
                "User [" + to_string(*id) + "] is not a member of this vault.");
  }
  return changed_user(*id);
}

Result<Answer> refuse_disabling_me(const RequestContext&) {
  return fail(ErrorType::kOperationNotAllowed, "A caller may not disable its own account.");
}

Result<Answer> put_vault_membership(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("user_id"));
  if (!id) return std::unexpected(id.error());
  const auto vault = read_vault(context);
  if (!vault) return std::unexpected(vault.error());
  if (!context.caller().administers(*vault)) {
    return fail(ErrorType::kInsufficientAccess,
                "No administrative access to vault [" + to_string(*vault) + "].");
  }
  if (auto known = check_membership_form(context); !known) return std::unexpected(known.error());
  const auto text = membership_text(context, *vault);
  if (!text) return std::unexpected(text.error());
  BatchPlanBuilder builder = begin_plan(context, *id, {.single = true, .any_account = true});
  builder.cell(name_of(FieldId::kVaultMembership), {ValueKind::kText, *text});
  return answer_one(context, builder);
}

}  // namespace muster::vault_api
