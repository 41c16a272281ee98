#include "vault_api/users_bulk.h"

#include <string>

#include "base/text.h"
#include "directory/user_fields.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/record_results.h"
#include "vault_api/written_call.h"

namespace muster::vault_api {
namespace {

Result<directory::FieldId> read_id_param(std::string_view name) {
  using directory::FieldId;
  const directory::Field* field = directory::find_field(name);
  if (field != nullptr && (field->id == FieldId::kId || field->id == FieldId::kUserName ||
                           field->id == FieldId::kFederatedId)) {
    return field->id;
  }
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(name) +
                  "] for [idParam]; use id, user_name__v or federated_id__v.");
}

}  // namespace

Result<void> admit_write_users(const RequestContext& context) {
  if (context.caller().may_update_users()) return {};
  return fail(ErrorType::kInsufficientAccess,
              "Changing users takes a System Admin, Vault Owner or Domain Admin.");
}

Result<directory::BatchRules> update_rules(const RequestContext& context) {
  if (equals_ignoring_case(context.parameter("operation"), "upsert")) {
    return fail(ErrorType::kInvalidData, "Operation [upsert] is a POST to this path, not a PUT.");
  }
  return directory::BatchRules{.blank = context.state.settings.blank_cell};
}

Result<directory::BatchRules> create_rules(const RequestContext& context) {
  if (context.facts.version && *context.facts.version < kBulkUsersSince) {
    return fail(ErrorType::kMethodNotSupported,
                "Bulk users calls exist from API version " + to_string(kBulkUsersSince) + " on.");
  }
  directory::BatchRules rules{.operation = directory::BatchOperation::kCreate,
                              .key = directory::FieldId::kUserName,
                              .blank = directory::BlankCell::kKeep};
  const auto domain_only = read_flag("domain", context.parameter("domain"), false);
  if (!domain_only) return std::unexpected(domain_only.error());
  if (*domain_only) rules.default_membership = directory::DefaultMembership::kNone;
  const std::string_view operation = context.parameter("operation");
  const std::string_view id_param = context.parameter("idParam");
  if (operation.empty() && id_param.empty()) return rules;
  if (operation.empty() || id_param.empty()) {
    return fail(ErrorType::kParameterRequired, std::string("Missing required parameter [") +
                                                   (operation.empty() ? "operation" : "idParam") +
                                                   "]");
  }
  if (!equals_ignoring_case(operation, "upsert")) {
    return fail(ErrorType::kInvalidData,
                "Invalid value [" + excerpt(operation) + "] for [operation]; use upsert.");
  }
  const auto key = read_id_param(id_param);
  if (!key) return std::unexpected(key.error());
  rules.operation = directory::BatchOperation::kUpsert;
  rules.key = *key;
  return rules;
}

Result<Answer> write_users(const RequestContext& context) {
  return write_call(context, context.plan, CallKind::kBulk, [&](const auto& outcome) {
    return record_results(outcome, context.answer_format);
  });
}

}  // namespace muster::vault_api
