// The cells of the record being read. A cell's text is a view into the chunk as long as that will
// do; text that was put together from pieces, or that must outlive the chunk, is copied into one
// buffer per cell (at most kCellBytesMax each, reused from record to record).
//
//   cells.append(piece);  Cell* cell = cells.end_cell(last_piece, kind);  cells.cells();
//   cells.clear();
//
// Internal to codec. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "codec/record.h"

namespace muster::codec {

class RecordCells {
 public:
  RecordCells() : cells_(limits::kColumnsMax), copies_(limits::kColumnsMax) {}

  // Narrows the record to these columns. REQUIRES: at most kColumnsMax, and no cell yet; the names
  // outlive this object.
  void set_columns(std::span<const std::string_view> names);

  // Adds a copy of `piece` to the open cell, as far as kCellBytesMax goes.
  void append(std::string_view piece) {
    if (!dropping() && !piece.empty()) append_kept(piece);
  }
  // Takes the last byte off the open cell. REQUIRES: one was appended.
  void drop_last_byte();

  // Closes the cell after its last piece, which stays a view when it is the only one. A cell over
  // the limit becomes kTooLong. nullptr when the record has no column left for the cell: then it is
  // counted and dropped.
  Cell* end_cell(std::string_view last_piece, CellKind kind) {
    if (count_ == columns_ || open_size_ > 0 || last_piece.size() > limits::kCellBytesMax)
        [[unlikely]] {
      return end_long_cell(last_piece, kind);
    }
    Cell& cell = cells_[count_++];
    cell.text = last_piece;
    cell.kind = kind;
    return &cell;
  }

  // Copies what still points into the chunk, which ends before the record does.
  void keep();
  // Makes room for the next record.
  void clear() { count_ = extra_ = open_size_ = 0; }

  // Nothing that is appended to the open cell matters any more: the record has no column for it, or
  // it is so long that taking off a last byte does not help.
  [[nodiscard]] bool dropping() const {
    return count_ == columns_ || open_size_ > limits::kCellBytesMax + 1;
  }
  // Counts so many cells as ended. REQUIRES: the record has no column left.
  void add_extra(std::size_t cells) { extra_ += cells; }

  [[nodiscard]] std::span<const Cell> cells() const { return {cells_.data(), count_}; }
  [[nodiscard]] std::size_t extra() const { return extra_; }

 private:
  void append_kept(std::string_view piece);
  Cell* end_long_cell(std::string_view last_piece, CellKind kind);

  std::vector<Cell> cells_;  // one per column, the first count_ are closed
  std::size_t columns_ = limits::kColumnsMax;
  std::vector<std::string> copies_;  // the copied text of each cell
  std::size_t count_ = 0;
  std::size_t extra_ = 0;
  std::uint64_t open_size_ = 0;  // bytes appended to the open cell, until dropping()
};

}  // namespace muster::codec
