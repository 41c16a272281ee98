// For tests: what a reader told its sink, as values that can be compared, and bodies fed in pieces.
#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/record.h"

namespace muster::codec {

struct LoggedCell {
  std::string name;
  std::string text;
  CellKind kind = CellKind::kText;
  friend bool operator==(const LoggedCell&, const LoggedCell&) = default;
};

struct LoggedRecord {
  std::vector<LoggedCell> cells;
  std::uint64_t line = 0;
  std::uint64_t offset = 0;
  std::size_t extra_cells = 0;
  bool is_object = true;
  friend bool operator==(const LoggedRecord&, const LoggedRecord&) = default;
};

// Everything a reader does with a body: its sink calls and its result.
struct Reading {
  std::vector<std::vector<std::string>> headers;
  std::vector<LoggedRecord> records;
  bool ok = false;
  Error error;
  friend bool operator==(const Reading&, const Reading&) = default;

  // The texts of the records' cells.
  [[nodiscard]] std::vector<std::vector<std::string>> rows() const {
    std::vector<std::vector<std::string>> texts;
    for (const LoggedRecord& record : records) {
      auto& row = texts.emplace_back();
      for (const LoggedCell& cell : record.cells) row.push_back(cell.text);
    }
    return texts;
  }
};

inline std::ostream& operator<<(std::ostream& out, const Reading& reading) {
  for (const auto& row : reading.rows()) {
    for (const auto& text : row) out << "[" << text.substr(0, 60) << "] ";
    out << "\n";
  }
  return out << (reading.ok ? "ok" : reading.error.message);
}

class RecordLog final : public RecordSink {
 public:
  Result<void> on_header(std::span<const std::string_view> names) override {
    reading.headers.emplace_back(names.begin(), names.end());
    return {};
  }
  Result<void> on_record(const Record& record) override {
    if (reading.records.size() == records_max) {
      return fail(ErrorType::kInvalidData, "More than " + std::to_string(records_max) + ".");
    }
    LoggedRecord logged{{}, record.line, record.offset, record.extra_cells, record.is_object};
    for (const Cell& cell : record.cells) {
      logged.cells.push_back({std::string(cell.name), std::string(cell.text), cell.kind});
    }
    reading.records.push_back(std::move(logged));
    return {};
  }

  std::size_t records_max = ~std::size_t{0};
  Reading reading;
};

// Feeds `body` cut at `cuts` (ascending). Every piece is a copy of its own that is gone after the
// call, so that a view kept too long is seen by the address sanitizer and by the comparison.
template <typename Reader>
Reading read_cut(std::string_view body, std::span<const std::size_t> cuts,
                 std::size_t records_max = ~std::size_t{0}) {
  RecordLog log;
  log.records_max = records_max;
  Reader reader(log);
  std::size_t begin = 0;
  Result<void> result;
  for (std::size_t i = 0; i <= cuts.size() && result; ++i) {
    const std::size_t end = i < cuts.size() ? cuts[i] : body.size();
    std::vector<char> piece(body.begin() + static_cast<std::ptrdiff_t>(begin),
                            body.begin() + static_cast<std::ptrdiff_t>(end));
    result = reader.feed({piece.data(), piece.size()});
    std::fill(piece.begin(), piece.end(), '\x01');
    begin = end;
  }
  if (result) result = reader.finish();
  log.reading.ok = result.has_value();
  if (!result) log.reading.error = result.error();
  return std::move(log.reading);
}

template <typename Reader>
Reading read_whole(std::string_view body) {
  return read_cut<Reader>(body, {});
}

// The cuts that must not matter: every byte alone, every two pieces (small bodies), some at random.
inline std::vector<std::vector<std::size_t>> cuts_to_try(std::size_t size) {
  constexpr std::size_t kSmall = 2048;
  std::vector<std::vector<std::size_t>> all;
  if (size <= kSmall) {
    auto& bytes = all.emplace_back();
    for (std::size_t at = 1; at < size; ++at) bytes.push_back(at);
    for (std::size_t at = 1; at < size; ++at) all.push_back({at});
    return all;
  }
  std::minstd_rand random(static_cast<unsigned>(size));
  for (int attempt = 0; attempt < 8; ++attempt) {
    auto& cuts = all.emplace_back();
    const std::size_t step_max = attempt % 2 == 0 ? 37 : size / 3;
    for (std::size_t at = 1 + random() % step_max; at < size; at += 1 + random() % step_max) {
      cuts.push_back(at);
    }
  }
  return all;
}

// How many of cuts_to_try() change the reading of `body`; 0 is right.
template <typename Reader>
std::size_t cuts_that_matter(std::string_view body, std::size_t records_max = ~std::size_t{0}) {
  const Reading whole = read_cut<Reader>(body, {}, records_max);
  std::size_t wrong = 0;
  for (const auto& cuts : cuts_to_try(body.size())) {
    if (read_cut<Reader>(body, cuts, records_max) != whole) ++wrong;
  }
  return wrong;
}

}  // namespace muster::codec
