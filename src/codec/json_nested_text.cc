#include "codec/json_nested_text.h"

#include "base/json_escape.h"

namespace muster::codec {

void JsonNestedText::open(std::string_view bracket) {
  begin_value();
  value_open_ = false;
  cells_.append(bracket);
  comma_due_ = false;
  ++depth_;
}

void JsonNestedText::close(std::string_view bracket) {
  cells_.append(bracket);
  --depth_;
  comma_due_ = depth_ > 0;
}

void JsonNestedText::key(std::string_view name) {
  text_part(name);
  end_text();
  cells_.append(":");
  comma_due_ = false;
}

void JsonNestedText::text_part(std::string_view part) {
  if (!value_open_) {
    begin_value();
    cells_.append("\"");
  }
  if (cells_.dropping()) return;
  escaped_.clear();
  append_json_escaped(escaped_, part);
  cells_.append(escaped_);
}

void JsonNestedText::end_text() {
  cells_.append("\"");
  value_open_ = false;
}

void JsonNestedText::literal_part(std::string_view part) {
  if (!value_open_) begin_value();
  cells_.append(part);
}

void JsonNestedText::begin_value() {
  if (comma_due_) cells_.append(",");
  comma_due_ = true;
  value_open_ = true;
}

}  // namespace muster::codec
