#include "directory/batch_plan.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"
#include "base/text.h"
#include "directory/user_fields.h"
#include "directory/value_rules.h"

namespace muster::directory {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{32} * 1024;

}  // namespace

std::vector<Error> RecordPlan::errors_of_join() const {
  std::vector<Error> kept;
  for (std::size_t i = 0; i < errors.size(); ++i) {
    if (!of_account[i]) kept.push_back(errors[i]);
  }
  return kept;
}

void BatchPlan::add_block(std::size_t bytes_min) {
  free_ = std::max(bytes_min, kBlockBytes);
  blocks_.push_back(std::make_unique_for_overwrite<char[]>(free_));
  block_end_ = blocks_.back().get() + free_;
}

BatchPlanBuilder::BatchPlanBuilder(DomainPtr domain, BatchRules rules)
    : domain_(std::move(domain)), rules_(rules) {}

Result<void> BatchPlanBuilder::header(const std::vector<std::string_view>& names) {
  MUSTER_ASSERT(columns_.empty() && plan_.records.empty());
  std::string unknown;
  std::size_t unknown_count = 0;
  for (const std::string_view cell : names) {
    const std::string_view name = trim(cell);
    const Field* known = rules_.names->find(name);
    if (known == nullptr && !name.empty() && !rules_.names->is_ignored(name) &&
        !rules_.names->belongs_to_another_call(name)) {
      if (++unknown_count > limits::kRecordErrorsMax) continue;
      if (!unknown.empty()) unknown += ", ";
      unknown += printable_excerpt(name);
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
  bool has_key = false;
  for (auto column = columns_.begin(); column != columns_.end(); ++column) {
    if (column->name.empty()) continue;
    if (column->field != nullptr && column->field->id == rules_.key) has_key = true;
    const bool repeated = std::any_of(columns_.begin(), column, [&](const Column& earlier) {
      return same_column(earlier, *column);
    });
    if (repeated) {
      return muster::fail(ErrorType::kInvalidData, quoted("Repeated column", column->name, "."));
    }
    const bool is_id = column->field != nullptr && column->field->id == FieldId::kId;
    if (is_id && rules_.operation == BatchOperation::kCreate) {
      return muster::fail(ErrorType::kAttributeNotSupported,
                          quoted("Field", column->name, " is not supported by this call."));
    }
  }
  if (!has_key) return std::unexpected(missing_value(rules_.names->field(rules_.key)));
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

Result<void> BatchPlanBuilder::cell_without_field(std::size_t column, const Value& value) {
  ++cells_;
  const std::string& name = columns_[column].name;
  if (!name.empty()) {
    put_unknown(name);
  } else if (value.kind != ValueKind::kNull && !trim(value.text).empty()) {
    return muster::fail(ErrorType::kInvalidData,
                        "Column " + std::to_string(column + 1) + " holds values but has no name.");
  }
  return {};
}

const Field* BatchPlanBuilder::find_by_position(std::size_t position, std::string_view name) {
  if (position < recent_names_.size() && recent_names_[position].name == name) {
    return recent_names_[position].field;
  }
  const Field* const found = rules_.names->find(name);
  if (position >= limits::kColumnsMax) return found;
  if (position >= recent_names_.size()) recent_names_.resize(position + 1);
  recent_names_[position] = {found, std::string(name)};
  return found;
}

void BatchPlanBuilder::cell(std::string_view name, const Value& value) {
  const Field* known = find_by_position(cells_++, name);
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
  if (rules_.key != FieldId::kId) done.key = read_key();
  // Users have a default here, object records have not (5.4).
  const Field& profile = rules_.names->field(FieldId::kSecurityProfile);
  const bool has_profile = done.patch.given[static_cast<std::size_t>(profile.id)];
  if (profile.required && rules_.operation == BatchOperation::kCreate && !has_profile) {
    fail(missing_value(profile));
  }
  const bool explained = cells_ == 0 && !done.errors.empty();
  const bool has_key = done.patch.given[static_cast<std::size_t>(rules_.key)];
  if (!id_error_ && !has_key && !explained && !may_lack_key()) {
    id_error_ = missing_value(rules_.names->field(rules_.key));
  }
  if (!id_error_) return;
  // The record's errors are listed in the order of its processing: the key comes first.
  done.errors.insert(done.errors.begin(), std::move(*id_error_));
  done.of_account <<= 1;
  if (done.errors.size() > limits::kRecordErrorsMax) done.errors.pop_back();
}

// User names are found whatever their case.
std::string_view BatchPlanBuilder::read_key() {
  for (const auto& [id, text] : record().patch.texts) {
    if (id != rules_.key || text.empty()) continue;
    return id == FieldId::kUserName ? plan_.keep(fold_user_name(text)) : text;
  }
  return {};
}

// An upsert creates whoever has no id yet; every user has a name.
bool BatchPlanBuilder::may_lack_key() const {
  return rules_.operation == BatchOperation::kUpsert && rules_.key != FieldId::kUserName;
}

BatchPlan BatchPlanBuilder::take() {
  plan_.rules = rules_;
  return std::exchange(plan_, BatchPlan());
}

void BatchPlanBuilder::fail(Error error) {
  std::vector<Error>& errors = record().errors;
  if (errors.size() < limits::kRecordErrorsMax) budget_.add(std::move(error), errors);
}

}  // namespace muster::directory
