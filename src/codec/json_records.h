// Turns the events of a JSON parser into records: knows the shapes a body may have (json_reader.h)
// and nothing of syntax.
//
// Every event returns false when the parser has to stop; then sink_error() or problem() says why.
// Texts and numbers come in any number of parts, then their last part. Not thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/limits.h"
#include "base/result.h"
#include "codec/json_keys.h"
#include "codec/json_nested_text.h"
#include "codec/record.h"
#include "codec/record_cells.h"

namespace muster::codec {

class JsonRecords {
 public:
  explicit JsonRecords(RecordSink& sink) : sink_(sink) {}

  // Last parts stay views until keep(), which copies those of the open record.
  void keep() { cells_.keep(); }

  [[nodiscard]] bool begin_object();
  [[nodiscard]] bool end_object();
  [[nodiscard]] bool begin_array();
  [[nodiscard]] bool end_array();
  void key_part(std::string_view part);
  [[nodiscard]] bool key(std::string_view last_part);
  // For a loop over simple members: whether the open object is a record, and the key due in it
  // (JsonKeys::due()); member_as_due() is key() of that key and then text().
  [[nodiscard]] bool in_flat_object() const {
    return place_ == Place::kWrapped || (place_ == Place::kRecord && !outermost_ && !wrapper_);
  }
  [[nodiscard]] std::string_view key_due() const { return object_keys_->due(); }
  void member_as_due(std::string_view text) {
    object_keys_->add_due();
    end_cell(text, CellKind::kText);
  }
  void text_part(std::string_view part);
  [[nodiscard]] bool text(std::string_view last_part);
  void number_part(std::string_view part);
  [[nodiscard]] bool number(std::string_view last_part);
  [[nodiscard]] bool boolean(bool value);
  [[nodiscard]] bool null();

  [[nodiscard]] const std::optional<Error>& sink_error() const { return sink_error_; }
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  // Where the next value stands.
  enum class Place : std::uint8_t {
    kTop,      // outside of everything
    kRecords,  // in the array of records
    kRecord,   // in a record, or in the body's outermost object
    kWrapped,  // in the "user" object of a record
    kNested,   // in a nested value that becomes a cell's text
    kSkipped,  // in a nested value that nobody needs
  };

  [[nodiscard]] bool in_envelope() const { return place_ == Place::kRecord && outermost_; }
  [[nodiscard]] bool unused_member() const { return in_envelope() && records_found_; }

  void change_depth(std::size_t depth);
  [[nodiscard]] bool add_key(std::string_view name);
  [[nodiscard]] bool reject_key(std::string_view name);

  void begin_record(bool outermost);
  [[nodiscard]] bool emit_record(bool is_object);
  [[nodiscard]] bool begin_records_of_envelope();
  [[nodiscard]] bool end_outermost();

  [[nodiscard]] bool scalar(std::string_view last_part, CellKind kind);
  void end_cell(std::string_view last_part, CellKind kind) {
    Cell* const cell = cells_.end_cell(last_part, kind);
    MUSTER_ASSERT(cell != nullptr);  // an object has at most kColumnsMax keys
    cell->name = object_keys_->last();
    flat_member_ = flat_member_ || kind != CellKind::kNested;
  }

  [[nodiscard]] bool begin_nested(std::string_view bracket);
  void end_nested(std::string_view bracket);
  void begin_skipped();
  void end_skipped();

  [[nodiscard]] bool reject(std::string problem);

  RecordSink& sink_;
  RecordCells cells_;

  Place place_ = Place::kTop;
  bool outermost_ = false;      // the open record is the body's outermost object
  bool records_found_ = false;  // the outermost object held an array of records
  bool wrapper_ = false;        // the open record had a "user" object
  bool flat_member_ = false;    // the open record has a member that is not nested

  std::size_t depth_ = 0;                                    // open arrays and objects
  std::array<JsonKeys, limits::kNestingDepthMax + 1> keys_;  // of the open object at each depth
  JsonKeys* object_keys_ = keys_.data();                     // those at depth_
  std::string key_;                                          // parts of the open key

  Place around_nested_ = Place::kTop;  // where the nested value stands that is written or skipped
  JsonNestedText nested_{cells_};
  std::size_t skipped_depth_ = 0;

  std::optional<Error> sink_error_;
  std::string problem_;
};

}  // namespace muster::codec
