#include "loader/columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.h"
#include "codec/csv_reader.h"

namespace muster::loader {
namespace {

// Columns that bulk calls take though the metadata does not list them (docs/api/bulk-users.md).
constexpr std::array<std::string_view, 4> kUnlistedFields{"vault_membership", "app_licensing",
                                                          "domain_name__v", "security_profile"};
constexpr std::string_view kIdColumn = "id";
constexpr std::string_view kUserNameColumn = "user_name__v";

// The names of the columns, without quotes and blanks.
class HeaderNames final : public codec::RecordSink {
 public:
  Result<void> on_header(std::span<const std::string_view> read) override {
    for (const std::string_view name : read) names.push_back(ascii_lower(name));
    return {};
  }
  Result<void> on_record(const codec::Record& /*record*/) override { return {}; }

  std::vector<std::string> names;
};

bool is_error_column(std::string_view name) {
  return name == kErrorTypeColumn || name == kErrorMessageColumn || name == kCellsColumn;
}

bool is_field(std::string_view name, const HeaderRules& rules) {
  const auto is_name = [name](std::string_view field) { return field == name; };
  return std::ranges::any_of(kUnlistedFields, is_name) ||
         std::ranges::any_of(rules.known_fields, is_name);
}

std::string_view key_column(const HeaderRules& rules) {
  switch (rules.operation) {
    case Operation::kUpdate:
      return kIdColumn;
    case Operation::kCreate:
      return kUserNameColumn;
    case Operation::kUpsert:
      return rules.id_param;
  }
  return kIdColumn;
}

class HeaderCheck {
 public:
  HeaderCheck(const RawRecord& header, const HeaderRules& rules, ProblemList& problems)
      : header_(header), rules_(rules), problems_(problems) {}

  Columns run(const std::vector<std::string>& names) {
    for (std::size_t i = 0; i < names.size(); ++i) check_name(i, names[i]);
    const std::string_view key = key_column(rules_);
    if (!seen_.contains(std::string(key))) {
      problems_.add({header_.line, 1, fmt::format("the column [{}] is missing", key)});
    }
    columns_.header = header_.first_cells(std::max<std::size_t>(columns_.own, 1));
    return columns_;
  }

 private:
  void complain(std::size_t column, std::string message) {
    problems_.add(problem_at(header_, header_.cells[column], std::move(message)));
  }

  void check_name(std::size_t column, const std::string& name) {
    if (!name.empty() && !seen_.insert(name).second) {
      complain(column, fmt::format("the column [{}] comes twice", excerpt(name)));
    }
    if (is_error_column(name)) {
      ++columns_.appended;
      columns_.cells_column = name == kCellsColumn;
      return;
    }
    ++columns_.own;
    if (columns_.appended > 0) {
      complain(column, "the columns muster_... must be the last ones");
    } else if (name.empty()) {
      columns_.untitled.push_back(column);
    } else if (!is_field(name, rules_)) {
      complain(column, fmt::format("no field is named [{}]", excerpt(name)));
    } else if (name == kIdColumn && rules_.operation == Operation::kCreate) {
      complain(column, "a user to be created has no [id]; --operation upsert takes one");
    }
  }

  const RawRecord& header_;
  const HeaderRules& rules_;
  ProblemList& problems_;
  Columns columns_;
  std::set<std::string> seen_;
};

}  // namespace

Columns read_header(const RawRecord& header, const HeaderRules& rules, ProblemList& problems) {
  HeaderNames sink;
  codec::CsvReader reader(sink);
  auto read = reader.feed(header.bytes);
  if (read) read = reader.finish();
  if (!read) {
    problems.add({header.line, 1, read.error().message});
    return {};
  }
  return HeaderCheck(header, rules, problems).run(sink.names);
}

bool is_empty_cell(std::string_view cell) { return cell.empty() || cell == "\"\""; }

OwnRow own_row(const RawRecord& record, const Columns& columns) {
  const std::size_t count = record.cells.size();
  if (columns.appended == 0 || count <= columns.own) return {record.bytes, count};
  std::size_t own = count - std::min(columns.appended, count - columns.own);
  if (columns.cells_column && own + columns.appended == count) {
    std::string_view text = record.cell(count - 1);
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
    const auto cells = parse_digits<std::size_t>(text);
    std::size_t filled = own;
    while (filled > 1 && is_empty_cell(record.cell(filled - 1))) --filled;
    if (cells && *cells >= filled && *cells < own) own = *cells;
  }
  const std::string_view row = record.first_cells(own);
  return {row.empty() ? "\"\"" : row, own};  // an empty line would not be a record
}

}  // namespace muster::loader
