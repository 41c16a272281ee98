#include "loader/difference_text.h"

#include <fmt/format.h>

namespace muster::loader {
namespace {

// Nothing for a field without a value.
std::string shown(const std::string& json) { return json == "null" ? "(empty)" : json; }

}  // namespace

std::string difference_text(const Batch& batch, const std::vector<RecordAnswer>& records) {
  std::string text;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const RecordAnswer& record = records[i];
    if (record.succeeded && record.changes.empty()) continue;
    text += fmt::format("row {}", batch.first_row() + i);
    if (!record.id.empty()) text += fmt::format(", id {}", record.id);
    text += record.succeeded ? "\n" : ": would fail\n";
    for (const ApiError& error : record.errors) {
      text += fmt::format("  {}: {}\n", error.type, error.message);
    }
    for (const FieldChange& change : record.changes) {
      text +=
          fmt::format("  {}: {} -> {}\n", change.field, shown(change.before), shown(change.after));
    }
  }
  return text;
}

}  // namespace muster::loader
