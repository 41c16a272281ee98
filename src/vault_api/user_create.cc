#include "vault_api/user_create.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/limits.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"
#include "vault_api/envelope.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/object_body.h"
#include "vault_api/record_results.h"
#include "vault_api/users_bulk.h"
#include "vault_api/written_call.h"

namespace muster::vault_api {
namespace {

using directory::BatchPlanBuilder;
using directory::FieldId;

// JPEG, PNG and GIF by their first bytes.
bool is_picture(std::string_view bytes) {
  constexpr std::array<std::string_view, 4> kSignatures{"\xFF\xD8\xFF", "\x89PNG\r\n\x1A\n",
                                                        "GIF87a", "GIF89a"};
  return std::ranges::any_of(kSignatures, [&](auto start) { return bytes.starts_with(start); });
}

Result<void> check_picture(std::string_view bytes) {
  if (bytes.empty()) return {};
  if (bytes.size() >= limits::kPictureBytesMax) {
    return fail(ErrorType::kInvalidData, "The picture in [file] is not smaller than 10 MB.");
  }
  if (!is_picture(bytes)) {
    return fail(ErrorType::kInvalidData, "The picture in [file] is no JPEG, PNG or GIF.");
  }
  return {};
}

void put_field(BatchPlanBuilder& builder, const ObjectCell& cell) {
  const directory::Field* known = directory::find_field(cell.name);
  if (known == nullptr || known->id != FieldId::kAppLicensing) return put_cell(builder, cell);
  builder.record_error(ErrorType::kAttributeNotSupported,
                       directory::quoted("Field", known->name, " is not supported by this call."));
}

Result<directory::BatchPlan> read_plan(const RequestContext& context) {
  using directory::DefaultMembership;
  const auto domain_only = read_flag("domain", context.form_or_query("domain"), false);
  if (!domain_only) return std::unexpected(domain_only.error());
  BatchPlanBuilder builder(context.caller().domain,
                           {.operation = directory::BatchOperation::kCreate,
                            .key = FieldId::kUserName,
                            .blank = directory::BlankCell::kKeep,
                            .default_membership = *domain_only ? DefaultMembership::kNone
                                                               : DefaultMembership::kSessionVault});
  if (auto begun = builder.begin_record(); !begun) return std::unexpected(begun.error());
  if (const codec::FormField* file = codec::find(context.form, "file"); file != nullptr) {
    if (auto checked = check_picture(file->value); !checked) {
      return std::unexpected(checked.error());
    }
  }
  for (const ObjectCell& cell : form_cells(context.form)) {
    if (cell.name != "file" && cell.name != "domain") put_field(builder, cell);
  }
  builder.end_record();
  return builder.take();
}

Result<Answer> create_user(const RequestContext& context) {
  const auto plan = read_plan(context);
  if (!plan) return std::unexpected(plan.error());
  return write_call(context, *plan, CallKind::kOne, one_result);
}

}  // namespace

Result<Answer> create_users(const RequestContext& context) {
  return context.has_form ? create_user(context) : write_users(context);
}

}  // namespace muster::vault_api
