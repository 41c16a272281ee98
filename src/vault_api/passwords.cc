#include "vault_api/passwords.h"

#include <string>

#include "directory/value_rules.h"
#include "vault_api/envelope.h"
#include "vault_api/user_write.h"

namespace muster::vault_api {
namespace {

constexpr std::string_view kNewPassword = "new_password__v";

Result<std::string> required(const RequestContext& context, std::string_view name) {
  const codec::FormField* field = codec::find(context.form, name);
  if (field != nullptr && !field->value.empty()) return field->value;
  return fail(ErrorType::kParameterRequired,
              "Missing required parameter [" + std::string(name) + "]");
}

Result<Answer> answer_of(const Result<void>& done) {
  if (!done) return std::unexpected(done.error());
  return success();
}

}  // namespace

Result<Answer> change_my_password(const RequestContext& context) {
  const auto current = required(context, "password__v");
  if (!current) return std::unexpected(current.error());
  const auto wanted = required(context, kNewPassword);
  if (!wanted) return std::unexpected(wanted.error());
  return answer_of(context.state.dependencies.passwords.change(context.caller(), *current, *wanted,
                                                               context.facts.source_address));
}

Result<Answer> change_password(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("id"));
  if (!id) return std::unexpected(id.error());
  if (*id == context.caller().user->id) return change_my_password(context);
  return fail(ErrorType::kInsufficientAccess, "Only the own password can be changed.");
}

Result<Answer> reset_password(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("id"));
  if (!id) return std::unexpected(id.error());
  const auto wanted = required(context, kNewPassword);
  if (!wanted) return std::unexpected(wanted.error());
  const codec::FormField* flag = codec::find(context.form, "user_needs_to_change_password__v");
  const auto must_change =
      directory::parse_boolean(flag == nullptr || flag->value.empty() ? "true" : flag->value);
  if (!must_change) {
    return fail(ErrorType::kInvalidData,
                "Invalid value for field [user_needs_to_change_password__v].");
  }
  return answer_of(
      context.state.dependencies.passwords.reset(context.caller(), *id, *wanted, *must_change));
}

}  // namespace muster::vault_api
