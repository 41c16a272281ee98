// A bulk body as a plan: at most kBatchRecordsMax records in input order, each with its patch
// and the errors that are known without looking at the user (protocol 2.3 to 2.7).
//
//   BatchPlanBuilder builder(domain, {.operation = BatchOperation::kUpdate});
//   builder.begin_record(); builder.cell("id", {...}); ... builder.end_record();
//   BatchPlan plan = builder.take();
//
// One builder per request; not thread-safe. Cells are copied into the plan only when they are
// known, short enough and valid, so a plan stays below a few MB whatever the body's size.
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "base/limits.h"
#include "base/result.h"
#include "directory/audit.h"
#include "directory/batch_rules.h"
#include "directory/catalogue.h"
#include "directory/domain.h"
#include "directory/error_budget.h"
#include "directory/user_patch.h"

namespace muster::directory {

// A value of a record as the body's format delivered it.
enum class ValueKind : std::uint8_t {
  kText,     // text, or a number's source text
  kBoolean,  // "true" or "false" out of JSON
  kNull,     // JSON null; CSV cell that is exactly null and unquoted; the text does not matter
  kNested,   // a JSON array or object: its compact text. Memberships and licensing come as kText
  kTooLong,  // more than kCellBytesMax; the text is cut
  kBadText,  // the format refuses the value itself (a lone CR in a CSV cell)
};

struct Value {
  ValueKind kind = ValueKind::kText;
  std::string_view text;
};

// How a batch left a user: the record of an undo is judged only if he is so still (7.4).
struct LeftUser {
  Timestamp at{};
  std::vector<DomainAuditRow::Change> changes;
};

struct RecordPlan {
  std::string_view id_text;  // as sent, trimmed; one that cannot be an id may be shortened
  std::optional<UserId> id;  // absent when missing or malformed
  // By another key than the id: the folded user name or the federated id; empty: none was given.
  std::string_view key;
  UserPatch patch;
  std::vector<Error> errors;
  std::optional<LeftUser> left = std::nullopt;
  // Which of them are about fields of the account: a name that exists joins vaults and ignores
  // them.
  std::bitset<limits::kRecordErrorsMax> of_account;

  [[nodiscard]] std::vector<Error> errors_of_join() const;
};

class BatchPlan {
 public:
  BatchRules rules;
  std::vector<RecordPlan> records;

  // Copies text into the plan; the view lives as long as the plan, moves included.
  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.size() > free_) add_block(text.size());
    char* const copy = block_end_ - free_;
    text.copy(copy, text.size());
    free_ -= text.size();
    return {copy, text.size()};
  }

 private:
  void add_block(std::size_t bytes_min);

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* block_end_ = nullptr;  // of the last block
  std::size_t free_ = 0;       // bytes before block_end_
};

class BatchPlanBuilder {
 public:
  // `domain` judges memberships, profiles and policies.
  BatchPlanBuilder(DomainPtr domain, BatchRules rules);

  // CSV only, once, before the first record. Names are trimmed. Whole-request errors, in this
  // order: kAttributeNotSupported listing the unknown names, kInvalidData for too many columns or
  // a column named twice, kAttributeNotSupported for an id on create, kParameterRequired without a
  // column of the key.
  [[nodiscard]] Result<void> header(const std::vector<std::string_view>& names);

  // kInvalidData at record 501 ("More than 500 records.").
  [[nodiscard]] Result<void> begin_record();
  // CSV: by column number of the header. JSON: by name. The text need only live for the call.
  // kInvalidData (whole request): an untitled column that holds a value.
  // REQUIRES: column < number of header names; valid UTF-8.
  [[nodiscard]] Result<void> cell(std::size_t column, const Value& value) {
    MUSTER_ASSERT(column < columns_.size());
    const Field* const known = columns_[column].field;
    if (known == nullptr) [[unlikely]]
      return cell_without_field(column, value);
    ++cells_;
    put(*known, value);
    return {};
  }
  void cell(std::string_view name, const Value& value);
  // An error of the record as a whole (too many cells, not an object).
  void record_error(ErrorType type, std::string message);
  // Completes the record: a missing key is kParameterRequired, unless the record had no cells at
  // all and its record_error() says why, or a blank key asks for a new user (3.6).
  void end_record();

  [[nodiscard]] BatchPlan take();

 private:
  // What a header cell or a key stands for.
  struct Column {
    const Field* field = nullptr;  // null: untitled, or a name that is unknown to this call
    std::string name;
  };

  [[nodiscard]] Result<void> check_columns() const;
  [[nodiscard]] Result<void> cell_without_field(std::size_t column, const Value& value);
  [[nodiscard]] const Field* find_by_position(std::size_t position, std::string_view name);
  RecordPlan& record() { return plan_.records.back(); }
  void note_given(const Field& field) {
    record().patch.given.set(static_cast<std::size_t>(field.id));
  }
  void fail(Error error);
  void put(const Field& field, const Value& value);
  void put_any(const Field& field, const Value& value);
  void put_given(const Field& field, const Value& value);
  void put_cleaned(const Field& field, std::string_view text);
  void put_unknown(std::string_view name);
  void put_broken(const Field& field, const Value& value);
  void put_id(std::string_view text);
  void put_other_id(std::string_view text);
  [[nodiscard]] std::string_view read_key();
  [[nodiscard]] bool may_lack_key() const;
  void put_blank(const Field& field, ValueKind kind);
  void put_read_only(const Field& field, std::string_view text);
  void put_value(const Field& field, std::string_view text);
  void put_text(const Field& field, std::string_view text, bool valid);
  void add_text(FieldId id, std::string_view kept);
  void put_user_name(const Field& field, std::string_view text);
  void put_catalogue_value(const Field& field, std::string_view text);
  void put_boolean(const Field& field, std::string_view text);
  void put_status(const Field& field, std::string_view text);
  void put_policy(const Field& field, std::string_view text);
  void put_profile(std::string_view text);
  void put_license(const Field& field, std::string_view text);
  void put_memberships(std::string_view text);
  void put_app_licensing(std::string_view text);

  DomainPtr domain_;
  BatchRules rules_;
  std::vector<Column> columns_;
  BatchPlan plan_;
  ErrorBudget budget_;

  // What was looked up last: neighbouring records mostly say the same, in the same order.
  std::vector<Column> recent_names_;  // JSON: by the cell's place in its record
  std::array<const CatalogueValue*, kFieldCount> recent_values_{};
  std::string recent_memberships_text_;
  std::vector<MembershipPatch> recent_memberships_;

  // Of the record in work.
  std::bitset<kFieldCount> seen_;
  std::size_t cells_ = 0;
  std::optional<Error> id_error_;   // of the key
  std::size_t texts_expected_ = 0;  // as many as the record before had
};

}  // namespace muster::directory
