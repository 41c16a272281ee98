// A batch: some rows of the file in the bytes that are sent, and the cutting of a file into
// batches.
//
//   BatchCutter cutter(source, columns, 500);
//   while (auto batch = cutter.next()) send(*batch);
//
// The same file, columns and size give the same batches: a batch's number names its rows.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/columns.h"
#include "loader/record_reader.h"

namespace muster::loader {

class Batch {
 public:
  // `first_row`: the row id of its first record, counted from 1.
  Batch(std::uint64_t number, std::uint64_t first_row, std::string_view header);

  void add(std::string_view row, bool crlf, std::size_t cells);

  [[nodiscard]] std::uint64_t number() const { return number_; }  // from 0
  [[nodiscard]] std::uint64_t first_row() const { return first_row_; }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const std::string& body() const { return body_; }
  [[nodiscard]] std::string_view row(std::size_t index) const;  // without its line end
  [[nodiscard]] std::size_t cells_of(std::size_t index) const { return rows_[index].cells; }

  // The same batch with these of its rows only.
  [[nodiscard]] Batch only(const std::vector<std::size_t>& indexes) const;

 private:
  struct Row {
    std::size_t begin;  // in the body
    std::size_t size;
    std::size_t cells;
    bool crlf;
  };

  std::uint64_t number_;
  std::uint64_t first_row_;
  std::size_t header_bytes_;
  std::string body_;
  std::vector<Row> rows_;
};

class BatchCutter {
 public:
  // `source`: the whole file from its first byte. REQUIRES: it was checked.
  BatchCutter(ByteSource source, Columns columns, std::size_t records_max);

  // nullopt at the file's end.
  [[nodiscard]] std::optional<Batch> next();
  [[nodiscard]] const std::optional<Error>& read_error() const { return reader_.read_error(); }

 private:
  RecordReader reader_;
  Columns columns_;
  std::size_t records_max_;
  std::uint64_t next_number_ = 0;
  std::uint64_t next_row_ = 1;
  std::optional<Batch> begun_;  // with the record that did not fit into the last one
};

}  // namespace muster::loader
