#include "directory/batch_plan.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"
#include "base/text.h"
#include "directory/app_licensing_text.h"
#include "directory/catalogue.h"
#include "directory/membership_text.h"
#include "directory/read_only_text.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{32} * 1024;

// Change on their own between extract and reload; what a record says of them is ignored.
constexpr bool moves_by_itself(FieldId id) {
  return id == FieldId::kLastLogin || id == FieldId::kModifiedDate || id == FieldId::kModifiedBy ||
         id == FieldId::kGroupId || id == FieldId::kDomainName;
}

// Blanks at the ends belong to free text and to nothing else.
bool keeps_blanks(FieldKind kind) {
  return kind == FieldKind::kText || kind == FieldKind::kUserName || kind == FieldKind::kEmail;
}

bool is_stored_text(FieldKind kind) {
  return keeps_blanks(kind) || kind == FieldKind::kTimezone || kind == FieldKind::kLocale ||
         kind == FieldKind::kLanguage;
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

std::string quoted(std::string_view before, std::string_view name, std::string_view after) {
  std::string message(before);
  message += " [" + excerpt(name) + "]";
  message += after;
  return message;
}

}  // namespace

std::string_view BatchPlan::keep(std::string_view text) {
  if (text.empty()) return {};
  const bool has_own_block = text.size() > kBlockBytes;
  if (has_own_block || text.size() > free_) {
    free_ = has_own_block ? text.size() : kBlockBytes;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(free_));
    block_end_ = blocks_.back().get() + free_;
  }
  char* copy = block_end_ - free_;
  std::memcpy(copy, text.data(), text.size());
  free_ -= text.size();
  return {copy, text.size()};
}

BatchPlanBuilder::BatchPlanBuilder(DomainPtr domain, BlankCell blank)
    : domain_(std::move(domain)), blank_(blank) {}

Result<void> BatchPlanBuilder::header(const std::vector<std::string_view>& names) {
  MUSTER_ASSERT(columns_.empty() && plan_.records.empty());
  std::string unknown;
  std::size_t unknown_count = 0;
  for (const std::string_view cell : names) {
    const std::string_view name = trim(cell);
    const Field* known = find_field(name);
    if (known == nullptr && !name.empty() && !belongs_to_another_call(name)) {
      if (++unknown_count > limits::kRecordErrorsMax) continue;
      if (!unknown.empty()) unknown += ", ";
      unknown += excerpt(name);
      continue;
    }
    columns_.push_back({known, std::string(name)});
  }
  if (unknown_count > 0) {
    return muster::fail(ErrorType::kAttributeNotSupported,
                        (unknown_count == 1 ? "Unknown field [" : "Unknown fields [") + unknown +
                            (unknown_count > limits::kRecordErrorsMax ? ", ...]." : "]."));
  }
  return check_columns();
}

Result<void> BatchPlanBuilder::check_columns() const {
  if (columns_.size() > limits::kColumnsMax) {
    return muster::fail(ErrorType::kInvalidData,
                        "More than " + std::to_string(limits::kColumnsMax) + " columns.");
  }
  const auto same_column = [](const Column& a, const Column& b) {
    return a.field == b.field && (a.field != nullptr || equals_ignoring_case(a.name, b.name));
  };
  bool has_id = false;
  for (auto column = columns_.begin(); column != columns_.end(); ++column) {
    if (column->name.empty()) continue;
    if (column->field != nullptr && column->field->id == FieldId::kId) has_id = true;
    const bool repeated = std::any_of(columns_.begin(), column, [&](const Column& earlier) {
      return same_column(earlier, *column);
    });
    if (repeated) {
      return muster::fail(ErrorType::kInvalidData, quoted("Repeated column", column->name, "."));
    }
  }
  if (!has_id) return std::unexpected(missing_value(field(FieldId::kId)));
  return {};
}

Result<void> BatchPlanBuilder::begin_record() {
  if (plan_.records.size() == limits::kBatchRecordsMax) {
    return muster::fail(ErrorType::kInvalidData,
                        "More than " + std::to_string(limits::kBatchRecordsMax) + " records.");
  }
  // At once instead of by doubling: moving records costs more than address space.
  if (plan_.records.empty()) plan_.records.reserve(limits::kBatchRecordsMax);
  plan_.records.emplace_back().patch.texts.reserve(texts_expected_);
  seen_.reset();
  cells_ = 0;
  id_error_.reset();
  return {};
}

Result<void> BatchPlanBuilder::cell(std::size_t column, Value value) {
  MUSTER_ASSERT(column < columns_.size());
  ++cells_;
  const auto& [known, name] = columns_[column];
  if (known != nullptr) {
    put(*known, value);
  } else if (!name.empty()) {
    put_unknown(name);
  } else if (value.kind != ValueKind::kNull && !trim(value.text).empty()) {
    return muster::fail(ErrorType::kInvalidData,
                        "Column " + std::to_string(column + 1) + " holds values but has no name.");
  }
  return {};
}

void BatchPlanBuilder::cell(std::string_view name, Value value) {
  ++cells_;
  const Field* known = find_field(name);
  if (known == nullptr) return put_unknown(name);
  // The reader refuses equal keys; these differ in case, or one is an alias.
  const auto index = static_cast<std::size_t>(known->id);
  if (seen_[index]) return fail({ErrorType::kInvalidData, quoted("Repeated field", name, ".")});
  seen_.set(index);
  put(*known, value);
}

void BatchPlanBuilder::record_error(ErrorType type, std::string message) {
  fail({type, std::move(message)});
}

void BatchPlanBuilder::end_record() {
  RecordPlan& done = record();
  texts_expected_ = done.patch.texts.size();
  const bool explained = cells_ == 0 && !done.errors.empty();
  if (!id_error_ && !done.id && !explained) id_error_ = missing_value(field(FieldId::kId));
  if (!id_error_) return;
  // The record's errors are listed in the order of its processing: the id comes first.
  done.errors.insert(done.errors.begin(), std::move(*id_error_));
  if (done.errors.size() > limits::kRecordErrorsMax) done.errors.pop_back();
}

BatchPlan BatchPlanBuilder::take() { return std::exchange(plan_, BatchPlan()); }

void BatchPlanBuilder::fail(Error error) {
  std::vector<Error>& errors = record().errors;
  if (errors.size() < limits::kRecordErrorsMax) errors.push_back(std::move(error));
}

void BatchPlanBuilder::put_unknown(std::string_view name) {
  fail({ErrorType::kAttributeNotSupported,
        belongs_to_another_call(name) ? quoted("Field", name, " is not supported by this call.")
                                      : quoted("Unknown field", name, ".")});
}

void BatchPlanBuilder::put(const Field& field, Value value) {
  if (moves_by_itself(field.id)) return;
  if (value.kind == ValueKind::kNull) return put_blank(field, value.kind);
  const bool is_due_list = value.kind == ValueKind::kNested && field.id == FieldId::kVaultId;
  if (value.kind != ValueKind::kText && value.kind != ValueKind::kBoolean && !is_due_list) {
    return put_broken(field, value);
  }
  if (!has_non_xml_characters(value.text)) return put_cleaned(field, value.text);
  put_cleaned(field, without_non_xml_characters(value.text));
}

void BatchPlanBuilder::put_cleaned(const Field& field, std::string_view text) {
  if (!keeps_blanks(field.kind)) text = trim(text);
  if (field.id == FieldId::kId) return put_id(text);
  if (text.empty()) return put_blank(field, ValueKind::kText);
  if (!field.editable) return put_read_only(field, text);
  put_value(field, text);
}

void BatchPlanBuilder::put_broken(const Field& field, Value value) {
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
  record().id = parse_id<UserId>(text);
  if (record().id) {
    record().id_text = plan_.keep(text);
    return;
  }
  record().id_text = plan_.keep(excerpt(text));
  id_error_ =
      text.empty() ? missing_value(field(FieldId::kId)) : invalid_value(text, field(FieldId::kId));
}

void BatchPlanBuilder::put_blank(const Field& field, ValueKind kind) {
  if (field.id == FieldId::kId) return put_id("");
  if (!field.editable || (blank_ == BlankCell::kKeep && kind != ValueKind::kNull)) return;
  // Flags, memberships and licenses cannot be cleared: a blank leaves them as they are.
  if (field.required) return fail(missing_value(field));
  if (is_stored_text(field.kind)) record().patch.texts.emplace_back(field.id, std::string_view());
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
      return put_text(field, text, is_user_name(text));
    case FieldKind::kEmail:
      return put_text(field, text, is_email(text));
    case FieldKind::kTimezone:
    case FieldKind::kLocale:
    case FieldKind::kLanguage:
      return put_catalogue_value(field, text);
    case FieldKind::kBoolean:
      return put_boolean(field, text);
    case FieldKind::kPolicy:
      return put_policy(field, text);
    case FieldKind::kProfile:
      return put_profile(text);
    case FieldKind::kLicense:
      return put_license(field, text);
    case FieldKind::kMembership:
      return put_memberships(text);
    case FieldKind::kAppLicensing:
      for (Error& error :
           parse_app_licensing(plan_.keep(text), *domain_, record().patch.app_licensing)) {
        fail(std::move(error));
      }
      return;
    case FieldKind::kDateTime:
    case FieldKind::kReference:
      break;  // only the server sets these, so no such field is editable
  }
  MUSTER_ASSERT(false);
}

void BatchPlanBuilder::put_text(const Field& field, std::string_view text, bool valid) {
  if (!fits(text, field)) {
    return fail({ErrorType::kInvalidData,
                 quoted("Value of field", field.name,
                        " is longer than " + std::to_string(field.length) + " characters.")});
  }
  if (!valid) return fail(invalid_value(text, field));
  record().patch.texts.emplace_back(field.id, plan_.keep(text));
}

void BatchPlanBuilder::put_catalogue_value(const Field& field, std::string_view text) {
  const CatalogueValue*& recent = recent_values_[static_cast<std::size_t>(field.id)];
  const bool again = recent != nullptr && recent->value == text;
  const CatalogueValue* found = again ? recent : find_in_catalogue(field.kind, text);
  if (found == nullptr) return fail(invalid_value(text, field));
  recent = found;
  record().patch.texts.emplace_back(field.id, found->value);
}

void BatchPlanBuilder::put_boolean(const Field& field, std::string_view text) {
  const auto flag = parse_boolean(text);
  if (!flag) return fail(invalid_value(text, field));
  flag_of(record().patch, field.id) = flag;
}

void BatchPlanBuilder::put_policy(const Field& field, std::string_view text) {
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

}  // namespace muster::directory
