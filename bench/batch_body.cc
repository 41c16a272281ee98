#include "batch_body.h"

#include <array>
#include <charconv>

namespace muster::bench {

void BatchBody::write(const Ids& ids, unsigned number) {
  text_.clear();
  rest_.clear();
  const Values values = make_values(number);
  if (format_ == Format::kCsv) {
    write_csv(ids, values);
  } else {
    write_json(ids, values);
  }
}

void BatchBody::write_csv(const Ids& ids, const Values& values) {
  text_ = "id";
  for (const auto field : kFields) text_.append(",").append(field);
  text_ += '\n';
  for (const std::string& value : values) {
    const bool quoted = value.find(',') != std::string::npos;
    rest_.append(quoted ? ",\"" : ",").append(value).append(quoted ? "\"" : "");
  }
  rest_ += '\n';
  for (const std::uint32_t id : ids) {
    append_id(first_id_ + id);
    text_ += rest_;
  }
}

void BatchBody::write_json(const Ids& ids, const Values& values) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    rest_.append(",\"").append(kFields[i]).append("\":\"").append(values[i]).append("\"");
  }
  rest_ += '}';
  text_ = "[";
  for (const std::uint32_t id : ids) {
    text_ += text_.size() > 1 ? ",{\"id\":\"" : "{\"id\":\"";
    append_id(first_id_ + id);
    text_ += '"';
    text_ += rest_;
  }
  text_ += ']';
}

void BatchBody::append_id(std::size_t id) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), id).ptr;
  text_.append(digits.data(), end);
}

}  // namespace muster::bench
