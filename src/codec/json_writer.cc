#include "codec/json_writer.h"

#include <utility>

#include "base/assert.h"
#include "base/json_escape.h"

namespace muster::codec {
void JsonWriter::before_value() {
  if (key_open_) {
    key_open_ = false;
    return;
  }
  const bool in_object = depth_ > 0 && ((objects_ >> (depth_ - 1)) & 1U) != 0;
  MUSTER_ASSERT(!in_object);                  // an object's value needs its key
  MUSTER_ASSERT(depth_ > 0 || out_.empty());  // one document
  if (comma_) out_.push_back(',');
}

void JsonWriter::open(char bracket, bool object) {
  before_value();
  MUSTER_ASSERT(depth_ < kDepthMax);
  const std::uint64_t bit = std::uint64_t{1} << depth_;
  objects_ = object ? objects_ | bit : objects_ & ~bit;
  ++depth_;
  out_.push_back(bracket);
  comma_ = false;
}

void JsonWriter::close(char bracket, bool object) {
  MUSTER_ASSERT(depth_ > 0 && !key_open_);
  --depth_;
  MUSTER_ASSERT((((objects_ >> depth_) & 1U) != 0) == object);
  out_.push_back(bracket);
  comma_ = true;
}

void JsonWriter::key(std::string_view name) {
  MUSTER_ASSERT(depth_ > 0 && ((objects_ >> (depth_ - 1)) & 1U) != 0 && !key_open_);
  if (comma_) out_.push_back(',');
  quoted(name);
  out_.push_back(':');
  key_open_ = true;
}

void JsonWriter::string(std::string_view text) {
  before_value();
  quoted(text);
  comma_ = true;
}

void JsonWriter::boolean(bool value) { raw(value ? "true" : "false"); }

void JsonWriter::null() { raw("null"); }

void JsonWriter::raw(std::string_view json) {
  before_value();
  out_.append(json);
  comma_ = true;
}

void JsonWriter::quoted(std::string_view text) { append_json_string(out_, text); }

std::string JsonWriter::take() {
  MUSTER_ASSERT(depth_ == 0 && !key_open_);
  comma_ = false;
  return std::exchange(out_, {});
}

}  // namespace muster::codec
