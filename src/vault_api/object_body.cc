#include "vault_api/object_body.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "codec/csv_reader.h"
#include "codec/json_reader.h"
#include "directory/user_fields.h"
#include "vault_api/cell_value.h"
#include "vault_api/nested_text.h"
#include "vault_api/quotable.h"
#include "vault_api/routes.h"

namespace muster::vault_api {
namespace {

using directory::ValueKind;

// The one record of a body.
class OneObject final : public codec::RecordSink {
 public:
  // Of CSV.
  Result<void> on_header(std::span<const std::string_view> names) override {
    names_.assign(names.begin(), names.end());
    return {};
  }

  Result<void> on_record(const codec::Record& record) override {
    if (std::exchange(is_there_, true) || !record.is_object || record.extra_cells > 0) {
      return not_one();
    }
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
      const codec::Cell& cell = record.cells[i];
      if (auto kept = keep(names_.empty() ? cell.name : trim(names_[i]), cell); !kept) return kept;
    }
    return {};
  }

  [[nodiscard]] Result<std::vector<ObjectCell>> take() {
    return is_there_ ? Result<std::vector<ObjectCell>>(std::move(cells_)) : not_one();
  }

 private:
  static std::unexpected<Error> not_one() {
    return fail(ErrorType::kInvalidData,
                "This call takes one object: a form, a JSON object or one CSV record.");
  }

  Result<void> keep(std::string_view name, const codec::Cell& cell) {
    const bool nested = cell.kind == codec::CellKind::kNested;
    const directory::Field* field = nested ? directory::find_field(name) : nullptr;
    if (field == nullptr || !takes_nested_value(field->id)) {
      cells_.push_back({std::string(name), value_kind(cell.kind), std::string(cell.text)});
      return {};
    }
    auto text = nested_text(field->id, cell.text);
    if (!text) return std::unexpected(text.error());
    cells_.push_back({std::string(name), ValueKind::kText, *std::move(text)});
    return {};
  }

  std::vector<std::string> names_;  // empty: cells have theirs
  std::vector<ObjectCell> cells_;
  bool is_there_ = false;
};

// A JSON object, alone or the only one of an array, or a CSV file of one record: clients send any
// of them to any call.
template <typename Reader>
class RecordObjectBody final : public RequestBody {
 public:
  bool feed(std::string_view chunk) override { return reader_.feed(chunk).has_value(); }

  Result<void> finish(RequestContext& context) override {
    if (auto whole = reader_.finish(); !whole) return whole;
    auto cells = object_.take();
    if (!cells) return std::unexpected(cells.error());
    context.cells = *std::move(cells);
    return {};
  }

 private:
  OneObject object_;
  Reader reader_{object_};
};

// A form whose fields become cells.
class FormObjectBody final : public RequestBody {
 public:
  explicit FormObjectBody(std::unique_ptr<RequestBody> form) : form_(std::move(form)) {}

  bool feed(std::string_view chunk) override { return form_->feed(chunk); }

  Result<void> finish(RequestContext& context) override {
    if (auto whole = form_->finish(context); !whole) return whole;
    context.cells = form_cells(context.form);
    return {};
  }

 private:
  std::unique_ptr<RequestBody> form_;
};

}  // namespace

Result<std::unique_ptr<RequestBody>> open_object_body(const RequestContext& context) {
  const auto type = codec::parse_media_type(context.request.headers.get("Content-Type"));
  const auto format = type ? codec::body_format(*type) : codec::BodyFormat::kForm;
  if (format == codec::BodyFormat::kJson) {
    return std::make_unique<RecordObjectBody<codec::JsonReader>>();
  }
  if (format == codec::BodyFormat::kCsv) {
    return std::make_unique<RecordObjectBody<codec::CsvReader>>();
  }
  auto form = open_form_body(context);
  if (!form) return std::unexpected(form.error());
  return std::make_unique<FormObjectBody>(std::move(*form));
}

std::vector<ObjectCell> form_cells(std::span<const codec::FormField> form) {
  std::vector<ObjectCell> cells;
  for (const codec::FormField& field : form) {
    if (field.name == "client_id") continue;
    const bool too_long = field.value.size() > limits::kCellBytesMax;
    const bool is_null = field.value == "null";
    const ValueKind kind = is_null    ? ValueKind::kNull
                           : too_long ? ValueKind::kTooLong
                                      : ValueKind::kText;
    cells.push_back({field.name, kind, too_long ? std::string() : field.value});
  }
  return cells;
}

void put_cell(directory::BatchPlanBuilder& builder, const ObjectCell& cell) {
  const directory::Field* field = directory::find_field(cell.name);
  if (field == nullptr || field->id != directory::FieldId::kTimezone) {
    return builder.cell(cell.name, {cell.kind, cell.text});
  }
  std::string zone = cell.text;
  std::ranges::replace(zone, ' ', '_');
  builder.cell(cell.name, {cell.kind, zone});
}

}  // namespace muster::vault_api
