// Writes a nested JSON value, event by event, as compact JSON into the open cell of a record.
// Internal to codec. Not thread-safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/record_cells.h"

namespace muster::codec {

class JsonNestedText {
 public:
  // `cells` must outlive the object.
  explicit JsonNestedText(RecordCells& cells) : cells_(cells) {}

  // An array or object begins or ends.
  void open(std::string_view bracket);
  void close(std::string_view bracket);
  // True between values: the outermost array or object is closed.
  [[nodiscard]] bool done() const { return depth_ == 0; }

  void key(std::string_view name);
  void text_part(std::string_view part);
  void end_text();
  void literal_part(std::string_view part);  // number, boolean, null
  void end_literal() { value_open_ = false; }

 private:
  void begin_value();

  RecordCells& cells_;
  std::size_t depth_ = 0;
  bool comma_due_ = false;
  bool value_open_ = false;  // a part of the text or literal was written
  std::string escaped_;
};

}  // namespace muster::codec
