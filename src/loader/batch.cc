#include "loader/batch.h"

#include <utility>

#include "loader/limits.h"

namespace muster::loader {

Batch::Batch(std::uint64_t number, std::uint64_t first_row, std::string_view header)
    : number_(number), first_row_(first_row), header_bytes_(header.size() + 1), body_(header) {
  body_ += '\n';
}

void Batch::add(std::string_view row, bool crlf, std::size_t cells) {
  rows_.push_back({.begin = body_.size(), .size = row.size(), .cells = cells, .crlf = crlf});
  body_ += row;
  body_ += crlf ? "\r\n" : "\n";
}

std::string_view Batch::row(std::size_t index) const {
  return std::string_view(body_).substr(rows_[index].begin, rows_[index].size);
}

Batch Batch::only(const std::vector<std::size_t>& indexes) const {
  Batch part(number_, first_row_, std::string_view(body_).substr(0, header_bytes_ - 1));
  for (const std::size_t index : indexes) {
    part.add(row(index), rows_[index].crlf, rows_[index].cells);
  }
  return part;
}

BatchCutter::BatchCutter(ByteSource source, Columns columns, std::size_t records_max)
    : reader_(std::move(source), nullptr), columns_(std::move(columns)), records_max_(records_max) {
  static_cast<void>(reader_.next());  // the header
}

std::optional<Batch> BatchCutter::next() {
  std::optional<Batch> batch = std::exchange(begun_, std::nullopt);
  while (const auto record = reader_.next()) {
    const OwnRow row = own_row(*record, columns_);
    const bool fits = !batch || (batch->size() < records_max_ &&
                                 batch->body().size() + row.text.size() <= limits::kBatchBytesMax);
    std::optional<Batch>& target = fits ? batch : begun_;
    if (!target) target.emplace(next_number_++, next_row_, columns_.header);
    target->add(row.text, record->crlf, row.cells);
    ++next_row_;
    if (!fits) return batch;
  }
  if (reader_.read_error()) return std::nullopt;
  return batch;
}

}  // namespace muster::loader
