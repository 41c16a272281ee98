#include "codec/record_cells.h"

#include "base/assert.h"
#include "codec/cut_text.h"

namespace muster::codec {

void RecordCells::set_columns(std::span<const std::string_view> names) {
  MUSTER_ASSERT(names.size() <= limits::kColumnsMax);
  columns_ = names.size();
  cells_.assign(columns_, Cell{});
  copies_.assign(columns_, {});
  for (std::size_t i = 0; i < columns_; ++i) cells_[i].name = names[i];
  clear();
}

void RecordCells::append_kept(std::string_view piece) {
  constexpr std::size_t kFew = 4;  // a cell may consist of pieces that short
  std::string& copy = copies_[count_];
  if (open_size_ == 0) copy.clear();
  open_size_ += piece.size();
  if (piece.size() > kFew || open_size_ > limits::kCellBytesMax) {
    copy.append(piece.substr(0, limits::kCellBytesMax - copy.size()));
  } else {
    for (const char byte : piece) copy.push_back(byte);
  }
}

void RecordCells::drop_last_byte() {
  if (dropping()) return;
  MUSTER_ASSERT(open_size_ > 0);
  std::string& copy = copies_[count_];
  if (copy.size() == open_size_) copy.pop_back();
  --open_size_;
}

Cell* RecordCells::end_long_cell(std::string_view last_piece, CellKind kind) {
  if (count_ == columns_) {
    ++extra_;
    return nullptr;
  }
  const std::uint64_t size = open_size_ + last_piece.size();
  std::string_view text = last_piece;
  if (open_size_ > 0) {
    append(last_piece);
    text = copies_[count_];
    open_size_ = 0;
  }
  Cell& cell = cells_[count_++];
  const bool fits = size <= limits::kCellBytesMax;
  cell.text = fits ? text : cut_text(text, limits::kMessageTextBytesMax);
  cell.kind = fits ? kind : CellKind::kTooLong;
  return &cell;
}

void RecordCells::keep() {
  for (std::size_t i = 0; i < count_; ++i) {
    if (cells_[i].text.empty() || cells_[i].text.data() == copies_[i].data()) continue;
    copies_[i].assign(cells_[i].text);
    cells_[i].text = copies_[i];
  }
}

}  // namespace muster::codec
