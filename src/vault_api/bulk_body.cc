#include "vault_api/bulk_body.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv_reader.h"
#include "codec/formula_safe.h"
#include "codec/json_reader.h"
#include "directory/user_fields.h"
#include "vault_api/cell_value.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/nested_text.h"
#include "vault_api/quotable.h"
#include "vault_api/routes.h"

namespace muster::vault_api {
namespace {

using directory::BatchPlanBuilder;
using directory::ValueKind;

// CSV records: cells by column, the shape judged against the header.
class CsvRecords final : public codec::RecordSink {
 public:
  // `formula_safe`: cells come as such an export wrote them (protocol 7.5).
  CsvRecords(BatchPlanBuilder& builder, bool formula_safe)
      : builder_(builder), formula_safe_(formula_safe) {}

  Result<void> on_header(std::span<const std::string_view> names) override {
    columns_ = names.size();
    return builder_.header({names.begin(), names.end()});
  }

  Result<void> on_record(const codec::Record& record) override {
    if (auto begun = builder_.begin_record(); !begun) return begun;
    for (std::size_t column = 0; column < record.cells.size(); ++column) {
      const codec::Cell& cell = record.cells[column];
      const std::string_view text =
          formula_safe_ ? codec::unmark_formula(cell.text) : std::string_view(cell.text);
      auto put = builder_.cell(column, {.kind = value_kind(cell.kind), .text = text});
      if (!put) return put;
    }
    if (record.extra_cells > 0) {
      builder_.record_error(ErrorType::kInvalidData,
                            "Line " + std::to_string(record.line) + " has " +
                                std::to_string(columns_ + record.extra_cells) +
                                " cells, the header has " + std::to_string(columns_) + ".");
    }
    builder_.end_record();
    return {};
  }

 private:
  BatchPlanBuilder& builder_;
  const bool formula_safe_;
  std::size_t columns_ = 0;
};

// JSON records: cells by name, memberships and licenses possibly as arrays.
class JsonRecords final : public codec::RecordSink {
 public:
  explicit JsonRecords(BatchPlanBuilder& builder) : builder_(builder) {}

  Result<void> on_header(std::span<const std::string_view>) override { return {}; }

  Result<void> on_record(const codec::Record& record) override {
    if (auto begun = builder_.begin_record(); !begun) return begun;
    ++count_;
    if (!record.is_object) {
      builder_.record_error(ErrorType::kInvalidData,
                            "Record " + std::to_string(count_) + " is not a JSON object.");
    }
    for (const codec::Cell& cell : record.cells) put(cell);
    builder_.end_record();
    return {};
  }

 private:
  void put(const codec::Cell& cell) {
    const bool nested = cell.kind == codec::CellKind::kNested;
    const directory::Field* field = nested ? directory::find_field(cell.name) : nullptr;
    if (field == nullptr || !takes_nested_value(field->id)) {
      return builder_.cell(cell.name, {.kind = value_kind(cell.kind), .text = cell.text});
    }
    const auto text = nested_text(field->id, cell.text);
    if (!text) return builder_.record_error(text.error().type, text.error().message);
    builder_.cell(cell.name, {.kind = ValueKind::kText, .text = *text});
  }

  BatchPlanBuilder& builder_;
  std::size_t count_ = 0;
};

class BulkBody final : public RequestBody {
 public:
  BulkBody(std::optional<codec::BodyFormat> format, directory::DomainPtr domain,
           directory::BatchRules rules, bool formula_safe)
      : builder_(std::move(domain), rules), csv_(builder_, formula_safe), json_(builder_) {
    if (format) open_reader(*format);
  }

  bool feed(std::string_view chunk) override {
    if (!reader_ && !sniff(chunk)) return true;
    return reader_->feed(chunk).has_value();
  }

  Result<void> finish(RequestContext& context) override {
    if (!reader_) {
      open_reader(codec::BodyFormat::kCsv);
      if (auto blank = reader_->feed(head_); !blank) return blank;
    }
    if (auto whole = reader_->finish(); !whole) return whole;
    context.plan = builder_.take();
    return {};
  }

 private:
  void open_reader(codec::BodyFormat format) {
    if (format == codec::BodyFormat::kJson) {
      reader_ = std::make_unique<codec::JsonReader>(json_);
    } else {
      reader_ = std::make_unique<codec::CsvReader>(csv_);
    }
  }

  // Opens the reader at the first byte that is neither blank nor of a byte order mark. The bytes
  // before it are kept back: they count for offsets and line numbers.
  [[nodiscard]] bool sniff(std::string_view& chunk) {
    constexpr std::string_view kUndecided = " \t\r\n\xEF\xBB\xBF";
    const std::size_t first = chunk.find_first_not_of(kUndecided);
    if (first == chunk.npos && head_.size() + chunk.size() <= limits::kBodyChunkBytes) {
      head_ += chunk;
      return false;
    }
    const char decisive = first == chunk.npos ? ' ' : chunk[first];
    open_reader(decisive == '[' || decisive == '{' ? codec::BodyFormat::kJson
                                                   : codec::BodyFormat::kCsv);
    head_ += chunk;
    chunk = head_;
    return true;
  }

  BatchPlanBuilder builder_;
  CsvRecords csv_;
  JsonRecords json_;
  std::unique_ptr<codec::RecordReader> reader_;
  std::string head_;
};

}  // namespace

Result<std::unique_ptr<RequestBody>> open_bulk_body(const RequestContext& context) {
  const auto header = context.request.headers.find("Content-Type");
  std::optional<codec::BodyFormat> format;
  if (header && !trim(*header).empty()) {
    const auto type = codec::parse_media_type(*header);
    format = type ? codec::body_format(*type) : codec::BodyFormat::kOther;
    if (format != codec::BodyFormat::kCsv && format != codec::BodyFormat::kJson) {
      return fail(ErrorType::kInvalidData,
                  "Content-Type [" + quotable(type ? type->type : *header) +
                      "] is not supported by this call; send text/csv or application/json" +
                      (context.route->body == BodyKind::kFormOrBulk ? ", or a form." : "."));
    }
  }
  const auto rules = context.route->rules(context);
  if (!rules) return std::unexpected(rules.error());
  const auto formula_safe = read_flag("formula_safe", context.parameter("formula_safe"), false);
  if (!formula_safe) return std::unexpected(formula_safe.error());
  return std::make_unique<BulkBody>(format, context.caller().domain, *rules, *formula_safe);
}

}  // namespace muster::vault_api
