#include "codec/json_records.h"

#include <utility>

#include "base/assert.h"
#include "base/text.h"
#include "codec/cut_text.h"

namespace muster::codec {
void JsonRecords::change_depth(std::size_t depth) {
  MUSTER_ASSERT(depth < keys_.size());
  depth_ = depth;
  object_keys_ = &keys_[depth];
}

bool JsonRecords::begin_object() {
  change_depth(depth_ + 1);
  object_keys_->clear();
  switch (place_) {
    case Place::kTop:
      begin_record(true);
      return true;
    case Place::kRecords:
      begin_record(false);
      return true;
    case Place::kRecord: {
      const JsonKeys& keys = keys_[depth_ - 1];
      if (keys.last() != "user" || keys.size() > 1) return begin_nested("{");
      wrapper_ = true;
      place_ = Place::kWrapped;
      return true;
    }
    case Place::kWrapped:
    case Place::kNested:
    case Place::kSkipped:
      break;
  }
  return begin_nested("{");
}

bool JsonRecords::end_object() {
  change_depth(depth_ - 1);
  switch (place_) {
    case Place::kRecord:
      if (outermost_) return end_outermost();
      place_ = Place::kRecords;
      return emit_record(true);
    case Place::kWrapped:
      place_ = Place::kRecord;
      return true;
    case Place::kTop:
    case Place::kRecords:
    case Place::kNested:
    case Place::kSkipped:
      break;
  }
  end_nested("}");
  return true;
}

bool JsonRecords::begin_array() {
  change_depth(depth_ + 1);
  switch (place_) {
    case Place::kTop:
      place_ = Place::kRecords;
      return true;
    case Place::kRecords:
      begin_skipped();
      return emit_record(false);
    case Place::kRecord: {
      const std::string_view name = keys_[depth_ - 1].last();
      if (outermost_ && (name == "users" || name == "data")) return begin_records_of_envelope();
      break;
    }
    case Place::kWrapped:
    case Place::kNested:
    case Place::kSkipped:
      break;
  }
  return begin_nested("[");
}

bool JsonRecords::end_array() {
  change_depth(depth_ - 1);
  if (place_ != Place::kRecords) {
    end_nested("]");
    return true;
  }
  place_ = records_found_ ? Place::kRecord : Place::kTop;
  outermost_ = records_found_;
  wrapper_ = false;
  return true;
}

void JsonRecords::key_part(std::string_view part) {
  key_.append(part.substr(0, limits::kJsonKeyBytesMax + 1 - key_.size()));
}

bool JsonRecords::key(std::string_view last_part) {
  if (key_.empty() && last_part.size() <= limits::kJsonKeyBytesMax) return add_key(last_part);
  key_part(last_part);
  const bool added = add_key(cut_text(key_, limits::kJsonKeyBytesMax));
  key_.clear();
  return added;
}

bool JsonRecords::add_key(std::string_view name) {
  JsonKeys& keys = *object_keys_;
  if (keys.size() == limits::kColumnsMax || !keys.add(name)) return reject_key(name);
  if (place_ == Place::kNested) nested_.key(name);
  if (place_ == Place::kRecord && wrapper_) {
    return reject("an object has members beside its [user] object");
  }
  return true;
}

bool JsonRecords::reject_key(std::string_view name) {
  if (object_keys_->size() < limits::kColumnsMax) {
    return reject("duplicate key [" + excerpt(name) + "]");
  }
  return reject("an object has more than " + std::to_string(limits::kColumnsMax) + " keys");
}

void JsonRecords::text_part(std::string_view part) {
  switch (place_) {
    case Place::kRecord:
    case Place::kWrapped:
      if (!unused_member()) cells_.append(part);
      break;
    case Place::kNested:
      nested_.text_part(part);
      break;
    case Place::kTop:
    case Place::kRecords:
    case Place::kSkipped:
      break;
  }
}

bool JsonRecords::text(std::string_view last_part) {
  if (place_ != Place::kNested) return scalar(last_part, CellKind::kText);
  nested_.text_part(last_part);
  nested_.end_text();
  return true;
}

void JsonRecords::number_part(std::string_view part) {
  if (place_ != Place::kNested) return text_part(part);
  nested_.literal_part(part);
}

bool JsonRecords::number(std::string_view last_part) { return scalar(last_part, CellKind::kText); }

bool JsonRecords::boolean(bool value) {
  return scalar(value ? "true" : "false", CellKind::kBoolean);
}

bool JsonRecords::null() { return scalar("null", CellKind::kNull); }

bool JsonRecords::scalar(std::string_view last_part, CellKind kind) {
  switch (place_) {
    case Place::kTop:
      return reject("the body is neither an array nor an object");
    case Place::kRecords:
      return emit_record(false);
    case Place::kRecord:
    case Place::kWrapped:
      if (!unused_member()) end_cell(last_part, kind);
      return true;
    case Place::kNested:
      nested_.literal_part(last_part);
      nested_.end_literal();
      return true;
    case Place::kSkipped:
      return true;
  }
  return true;
}

void JsonRecords::begin_record(bool outermost) {
  outermost_ = outermost;
  wrapper_ = false;
  flat_member_ = false;
  place_ = Place::kRecord;
}

bool JsonRecords::emit_record(bool is_object) {
  const auto taken = sink_.on_record({.cells = cells_.cells(), .is_object = is_object});
  cells_.clear();
  if (!taken) sink_error_ = taken.error();
  return taken.has_value();
}

bool JsonRecords::begin_records_of_envelope() {
  if (records_found_) return reject("the object holds two arrays of records");
  records_found_ = true;
  cells_.clear();  // members of the envelope, not of a record
  place_ = Place::kRecords;
  return true;
}

bool JsonRecords::end_outermost() {
  place_ = Place::kTop;
  if (records_found_) return true;
  const bool is_empty = keys_[depth_ + 1].size() == 0;  // a record that says nothing
  if (!flat_member_ && !is_empty) {
    return reject("the object is no record and holds no array [users] or [data]");
  }
  return emit_record(true);
}

// Any array or object that is not part of the shape: the text of a cell, or of no interest.
bool JsonRecords::begin_nested(std::string_view bracket) {
  if (unused_member()) {
    begin_skipped();
    return true;
  }
  if (place_ == Place::kSkipped) {
    ++skipped_depth_;
    return true;
  }
  if (place_ != Place::kNested) around_nested_ = std::exchange(place_, Place::kNested);
  nested_.open(bracket);
  return true;
}

void JsonRecords::end_nested(std::string_view bracket) {
  if (place_ == Place::kSkipped) return end_skipped();
  nested_.close(bracket);
  if (!nested_.done()) return;
  place_ = around_nested_;
  end_cell({}, CellKind::kNested);
}

void JsonRecords::begin_skipped() {
  around_nested_ = std::exchange(place_, Place::kSkipped);
  skipped_depth_ = 1;
}

void JsonRecords::end_skipped() {
  if (--skipped_depth_ == 0) place_ = around_nested_;
}

bool JsonRecords::reject(std::string problem) {
  problem_ = std::move(problem);
  return false;
}

}  // namespace muster::codec
