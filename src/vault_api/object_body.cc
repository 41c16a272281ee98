#include "vault_api/object_body.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/limits.h"
#include "codec/json_reader.h"
#include "directory/user_fields.h"
#include "vault_api/cell_value.h"
#include "vault_api/nested_text.h"
#include "vault_api/quotable.h"
#include "vault_api/routes.h"

namespace muster::vault_api {
namespace {

using directory::ValueKind;

// The one record of a JSON body.
class OneObject final : public codec::RecordSink {
 public:
  Result<void> on_header(std::span<const std::string_view>) override { return {}; }

  Result<void> on_record(const codec::Record& record) override {
    if (std::exchange(is_there_, true) || !record.is_object) {
      return fail(ErrorType::kInvalidData, "This call takes one object.");
    }
    for (const codec::Cell& cell : record.cells) {
      if (auto put = keep(cell); !put) return put;
    }
    return {};
  }

  [[nodiscard]] std::vector<ObjectCell> take() { return std::move(cells_); }

 private:
  Result<void> keep(const codec::Cell& cell) {
    const bool nested = cell.kind == codec::CellKind::kNested;
    const directory::Field* field = nested ? directory::find_field(cell.name) : nullptr;
    if (field == nullptr || !takes_nested_value(field->id)) {
      cells_.push_back({std::string(cell.name), value_kind(cell.kind), std::string(cell.text)});
      return {};
    }
    auto text = nested_text(field->id, cell.text);
    if (!text) return std::unexpected(text.error());
    cells_.push_back({std::string(cell.name), ValueKind::kText, *std::move(text)});
    return {};
  }

  std::vector<ObjectCell> cells_;
  bool is_there_ = false;
};

class JsonObjectBody final : public RequestBody {
 public:
  bool feed(std::string_view chunk) override {
    if (first_ == kNothingYet) look_at_start(chunk);
    return reader_.feed(chunk).has_value();
  }

  Result<void> finish(RequestContext& context) override {
    if (auto whole = reader_.finish(); !whole) return whole;
    // The reader takes bulk bodies; an array with one record is one.
    if (first_ == '[') {
      return fail(ErrorType::kInvalidData, "This call takes one JSON object, not an array.");
    }
    context.cells = object_.take();
    return {};
  }

 private:
  static constexpr char kNothingYet = 0;

  void look_at_start(std::string_view chunk) {
    const std::size_t at = chunk.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (at != chunk.npos) first_ = chunk[at];
  }

  char first_ = kNothingYet;  // of the text, blanks and byte order mark aside
  OneObject object_;
  codec::JsonReader reader_{object_};
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
  if (format == codec::BodyFormat::kJson) return std::make_unique<JsonObjectBody>();
  if (format == codec::BodyFormat::kCsv) {
    return fail(ErrorType::kInvalidData,
                "This call takes a form or one JSON object; CSV is for PUT of many users.");
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
