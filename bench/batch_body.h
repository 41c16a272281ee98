// The bodies the load generator sends: the change of change.h as CSV or JSON.
//
//   BatchBody body(BatchBody::Format::kCsv, first_id);
//   body.write(ids, number);  // again and again; body.text() is the newest
//
// All records of a batch carry the same six values, so a body costs the sender one copy per
// record. One per thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "change.h"

namespace muster::bench {

class BatchBody {
 public:
  enum class Format { kCsv, kJson };

  BatchBody(Format format, std::size_t first_id) : format_(format), first_id_(first_id) {}

  void write(const Ids& ids, unsigned number);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string_view content_type() const {
    return format_ == Format::kCsv ? "text/csv" : "application/json";
  }

 private:
  void write_csv(const Ids& ids, const Values& values);
  void write_json(const Ids& ids, const Values& values);
  void append_id(std::size_t id);

  Format format_;
  std::size_t first_id_;
  std::string text_;
  std::string rest_;  // of every record, after its id
};

}  // namespace muster::bench
