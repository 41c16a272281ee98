// The cells of a record become values of its patch: the second half of BatchPlanBuilder.
#include <string>
#include <string_view>
#include <utility>

#include "base/assert.h"
#include "base/text.h"
#include "directory/app_licensing_text.h"
#include "directory/batch_plan.h"
#include "directory/catalogue.h"
#include "directory/membership_text.h"
#include "directory/object_fields.h"
#include "directory/read_only_text.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

// Change on their own between extract and reload; what a record says of them is ignored.
constexpr bool moves_by_itself(FieldId id) {
  return id == FieldId::kLastLogin || id == FieldId::kModifiedDate || id == FieldId::kModifiedBy ||
         id == FieldId::kGroupId || id == FieldId::kDomainName;
}

// What a record says of an account that exists and joins a vault (3.5). The rest is ignored.
constexpr bool matters_to_join(FieldId id) {
  return id == FieldId::kId || id == FieldId::kUserName || id == FieldId::kVaultMembership ||
         id == FieldId::kActive || id == FieldId::kLicenseType || id == FieldId::kSecurityProfile;
}

// Blanks at the ends belong to free text and to nothing else.
bool keeps_blanks(FieldKind kind) {
  return kind == FieldKind::kText || kind == FieldKind::kUserName || kind == FieldKind::kEmail;
}

bool is_stored_text(FieldKind kind) {
  return keeps_blanks(kind) || kind == FieldKind::kTimezone || kind == FieldKind::kLocale ||
         kind == FieldKind::kLanguage;
}

bool is_picklist(FieldKind kind) {
  return kind == FieldKind::kStatus || kind == FieldKind::kLicense;
}

// The word in ["word"]; no value of a picklist needs an escape.
std::optional<std::string_view> only_text(std::string_view json) {
  if (!json.starts_with("[\"") || !json.ends_with("\"]")) return std::nullopt;
  const std::string_view text = json.substr(2, json.size() - 4);
  return is_word(text) ? std::optional(text) : std::nullopt;
}

const CatalogueValue* find_in_catalogue(FieldKind kind, std::string_view text) {
  if (kind == FieldKind::kTimezone) return find_time_zone(text);
  if (kind == FieldKind::kLocale) return find_locale(text);
  return find_language(text);
}

std::optional<bool>& flag_of(UserPatch& patch, FieldId id) {
  switch (id) {
    case FieldId::kIsDomainAdmin:
      return patch.is_domain_admin;
    case FieldId::kActive:
      return patch.active;
    case FieldId::kDomainActive:
      return patch.domain_active;
    default:
      MUSTER_ASSERT(id == FieldId::kNeedsToChangePassword);
      return patch.needs_to_change_password;
  }
}

}  // namespace

void BatchPlanBuilder::put_unknown(std::string_view name) {
  if (rules_.names->is_ignored(name)) return;
  fail({ErrorType::kAttributeNotSupported,
        rules_.names->belongs_to_another_call(name)
            ? quoted("Field", name, " is not supported by this call.")
            : quoted("Unknown field", name, ".")});
}

void BatchPlanBuilder::put(const Field& field, const Value& value) {
  // Most cells are free text that is kept as it stands; nothing below would change that.
  const std::string_view text = value.text;
  if (field.kind == FieldKind::kText && field.editable && value.kind == ValueKind::kText &&
      !text.empty() && text.size() <= field.length && !has_non_xml_characters(text)) [[likely]] {
    note_given(field);
    return add_text(field.id, plan_.keep(text));
  }
  put_any(field, value);
}

void BatchPlanBuilder::put_any(const Field& field, const Value& value) {
  if (moves_by_itself(field.id)) return;
  const std::size_t errors_before = record().errors.size();
  put_given(field, value);
  if (matters_to_join(field.id)) return;
  for (std::size_t i = errors_before; i < record().errors.size(); ++i) record().of_account.set(i);
}

void BatchPlanBuilder::put_given(const Field& field, const Value& value) {
  if (value.kind == ValueKind::kNull) {
    if (field.id != rules_.key) note_given(field);
    return put_blank(field, value.kind);
  }
  if (value.kind == ValueKind::kNested && rules_.names->picklists_are_lists &&
      is_picklist(field.kind)) {
    if (const auto only = only_text(value.text)) return put_cleaned(field, *only);
  }
  const bool is_due_list = value.kind == ValueKind::kNested && field.id == FieldId::kVaultId;
  if (value.kind != ValueKind::kText && value.kind != ValueKind::kBoolean && !is_due_list) {
    return put_broken(field, value);
  }
  if (!has_non_xml_characters(value.text)) return put_cleaned(field, value.text);
  put_cleaned(field, without_non_xml_characters(value.text));
}

void BatchPlanBuilder::put_cleaned(const Field& field, std::string_view text) {
  if (!keeps_blanks(field.kind)) text = trim(text);
  if (!text.empty()) note_given(field);
  if (field.id == FieldId::kId) return put_id(text);
  if (text.empty()) return put_blank(field, ValueKind::kText);
  if (!field.editable) return put_read_only(field, text);
  put_value(field, text);
}

void BatchPlanBuilder::put_broken(const Field& field, const Value& value) {
  note_given(field);
  std::string_view why = " takes a single value.";
  if (value.kind == ValueKind::kTooLong) why = " is too long.";
  if (value.kind == ValueKind::kBadText) why = " contains a carriage return without a line feed.";
  Error error{ErrorType::kInvalidData, quoted("Field", field.name, why)};
  if (field.id == FieldId::kId) {
    id_error_ = std::move(error);
  } else {
    fail(std::move(error));
  }
}

void BatchPlanBuilder::put_id(std::string_view text) {
  if (rules_.key != FieldId::kId) return put_other_id(text);
  if (text.empty() && may_lack_key()) return;
  record().id = parse_id<UserId>(text);
  if (record().id) {
    record().id_text = plan_.keep(text);
    return;
  }
  record().id_text = plan_.keep(printable_excerpt(text));
  id_error_ = text.empty() ? missing_value(rules_.names->field(FieldId::kId))
                           : invalid_value(text, rules_.names->field(FieldId::kId));
}

// Of records that are found by another key. On create it is refused; else it must be the user's.
void BatchPlanBuilder::put_other_id(std::string_view text) {
  const Field& id = rules_.names->field(FieldId::kId);
  if (rules_.operation == BatchOperation::kCreate) {
    return fail({ErrorType::kAttributeNotSupported,
                 quoted("Field", id.name, " is not supported by this call.")});
  }
  if (!text.empty()) put_read_only(id, text);
}

void BatchPlanBuilder::put_blank(const Field& field, ValueKind kind) {
  if (field.id == FieldId::kId) return put_id("");
  if (field.id == rules_.key) return;  // end_record() says what is missing
  if (!field.editable || (rules_.blank == BlankCell::kKeep && kind != ValueKind::kNull)) return;
  // Flags, memberships and licenses cannot be cleared: a blank leaves them as they are.
  if (field.required) return fail(missing_value(field));
  if (is_stored_text(field.kind)) add_text(field.id, {});
}

void BatchPlanBuilder::put_read_only(const Field& field, std::string_view text) {
  const auto canonical = canonical_read_only(field, text, *domain_);
  if (!canonical) return fail(not_editable(field));
  record().patch.read_only.emplace_back(field.id, plan_.keep(*canonical));
}

void BatchPlanBuilder::put_value(const Field& field, std::string_view text) {
  switch (field.kind) {
    case FieldKind::kText:
      return put_text(field, text, true);
    case FieldKind::kUserName:
      return put_user_name(field, text);
    case FieldKind::kEmail:
      return put_text(field, text, is_email(text));
    case FieldKind::kTimezone:
    case FieldKind::kLocale:
    case FieldKind::kLanguage:
      return put_catalogue_value(field, text);
    case FieldKind::kBoolean:
      return put_boolean(field, text);
    case FieldKind::kStatus:
      return put_status(field, text);
    case FieldKind::kPolicy:
      return put_policy(field, text);
    case FieldKind::kProfile:
      return put_profile(text);
    case FieldKind::kLicense:
      return put_license(field, text);
    case FieldKind::kMembership:
      return put_memberships(text);
    case FieldKind::kAppLicensing:
      return put_app_licensing(text);
    case FieldKind::kDateTime:
    case FieldKind::kReference:
      break;  // only the server sets these, so no such field is editable
  }
  MUSTER_ASSERT(false);
}

void BatchPlanBuilder::add_text(FieldId id, std::string_view kept) {
  // Part by part: a pair that is made first and then copied waits for its own stores.
  UserPatch::Text& added = record().patch.texts.emplace_back();
  added.first = id;
  added.second = kept;
}

void BatchPlanBuilder::put_text(const Field& field, std::string_view text, bool valid) {
  if (!fits(text, field)) {
    return fail({ErrorType::kInvalidData,
                 quoted("Value of field", field.name,
                        " is longer than " + std::to_string(field.length) + " characters.")});
  }
  if (!valid) return fail(invalid_value(text, field));
  add_text(field.id, plan_.keep(text));
}

// The name of a new account may lack the domain (2.10).
void BatchPlanBuilder::put_user_name(const Field& field, std::string_view text) {
  const bool may_be_bare =
      rules_.operation == BatchOperation::kCreate || rules_.key == FieldId::kUserName;
  if (!may_be_bare || text.contains('@')) return put_text(field, text, is_user_name(text));
  const std::string whole = std::string(text) + '@' + domain_->name;
  put_text(field, whole, is_user_name(whole));
}

void BatchPlanBuilder::put_catalogue_value(const Field& field, std::string_view text) {
  const CatalogueValue*& recent = recent_values_[static_cast<std::size_t>(field.id)];
  const bool again = recent != nullptr && recent->value == text;
  const CatalogueValue* found = again ? recent : find_in_catalogue(field.kind, text);
  if (found == nullptr) return fail(invalid_value(text, field));
  recent = found;
  add_text(field.id, found->value);
}

void BatchPlanBuilder::put_boolean(const Field& field, std::string_view text) {
  const auto flag = parse_boolean(text);
  if (!flag) return fail(invalid_value(text, field));
  flag_of(record().patch, field.id) = flag;
}

void BatchPlanBuilder::put_status(const Field& field, std::string_view text) {
  if (text != kActiveStatus && text != kInactiveStatus) return fail(invalid_value(text, field));
  flag_of(record().patch, field.id) = text == kActiveStatus;
}

void BatchPlanBuilder::put_policy(const Field& field, std::string_view text) {
  // Accounts of the vendor's identity service are left out (3.4), which is no mistake of the value.
  if (equals_ignoring_case(text, "VeevaID")) {
    return fail({ErrorType::kOperationNotAllowed, "VeevaID accounts are not supported."});
  }
  const auto policy = parse_id<PolicyId>(text);
  if (!policy || domain_->find_policy(*policy) == nullptr) {
    return fail(invalid_value(text, field));
  }
  record().patch.security_policy_id = policy;
}

void BatchPlanBuilder::put_profile(std::string_view text) {
  // An unknown name differs from every profile, so a shortened one serves the comparison.
  record().patch.security_profile = plan_.keep(excerpt(text));
}

void BatchPlanBuilder::put_license(const Field& field, std::string_view text) {
  const auto license = parse_license(text);
  if (!license) return fail(invalid_value(text, field));
  record().patch.license = license;
}

void BatchPlanBuilder::put_memberships(std::string_view text) {
  std::vector<MembershipPatch>& memberships = record().patch.memberships;
  if (text == recent_memberships_text_) {
    memberships = recent_memberships_;
    return;
  }
  std::vector<Error> errors = parse_memberships(text, *domain_, memberships);
  if (errors.empty()) {
    recent_memberships_text_ = text;
    recent_memberships_ = memberships;
  }
  for (Error& error : errors) fail(std::move(error));
}

void BatchPlanBuilder::put_app_licensing(std::string_view text) {
  std::vector<AppLicensePatch>& licenses = record().patch.app_licensing;
  for (Error& error : parse_app_licensing(text, *domain_, licenses)) fail(std::move(error));
  // Of the cell, which may be large, only the names stay.
  for (AppLicensePatch& license : licenses) license.application = plan_.keep(license.application);
}

}  // namespace muster::directory
