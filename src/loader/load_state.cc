#include "loader/load_state.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <cstdio>
#include <filesystem>

#include "base/text.h"
#include "loader/limits.h"

namespace muster::loader {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kForm = 1;  // of the file; a later form gets another number

std::string first_line(const LoadIdentity& identity, const std::string& load_id) {
  return json::serialize(json::object{{"muster_state", kForm},
                                      {"load_id", load_id},
                                      {"bytes", identity.bytes},
                                      {"fingerprint", identity.fingerprint},
                                      {"operation", identity.operation},
                                      {"id_param", identity.id_param},
                                      {"atomic", identity.atomic},
                                      {"formula_safe", identity.formula_safe},
                                      {"batch", identity.batch},
                                      {"user", identity.user},
                                      {"vault", identity.vault},
                                      {"results", identity.results},
                                      {"failed", identity.failed}}) +
         "\n";
}

// The members of the first line. A missing one, or one of another type, throws inside.
std::pair<LoadIdentity, std::string> read_first_line(const json::value& line) {
  const auto text = [&](const char* key) { return std::string(line.at(key).as_string()); };
  const auto number = [&](const char* key) { return line.at(key).to_number<std::uint64_t>(); };
  if (number("muster_state") != kForm) throw std::out_of_range("another form");
  return {{.bytes = number("bytes"),
           .fingerprint = text("fingerprint"),
           .operation = text("operation"),
           .id_param = text("id_param"),
           .atomic = line.at("atomic").as_bool(),
           .formula_safe = line.at("formula_safe").as_bool(),
           .batch = number("batch"),
           .user = text("user"),
           .vault = text("vault"),
           .results = text("results"),
           .failed = text("failed")},
          text("load_id")};
}

std::optional<BatchMark> read_mark(std::string_view line) {
  BatchMark mark;
  for (std::uint64_t* number : {&mark.batches, &mark.succeeded, &mark.failed, &mark.unchanged,
                                &mark.results_bytes, &mark.failed_bytes}) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    const auto value = parse_digits<std::uint64_t>(line.substr(0, blank));
    if (!value) return std::nullopt;
    *number = *value;
    line.remove_prefix(std::min(blank + 1, line.size()));
  }
  return line.empty() ? std::optional(mark) : std::nullopt;
}

Result<std::string> read_all(OpenFile& file) {
  std::string text;
  for (;;) {
    const std::size_t before = text.size();
    if (before > limits::kStateBytesMax) {
      return fail(ErrorType::kInvalidData, file.path() + ": is not the state of a load");
    }
    text.resize(before + limits::kReadBytes);
    const auto got = file.read(std::span(text).subspan(before));
    if (!got) return std::unexpected(got.error());
    text.resize(before + *got);
    if (*got == 0) return text;
  }
}

}  // namespace

std::string LoadIdentity::difference(const LoadIdentity& other) const {
  if (bytes != other.bytes || fingerprint != other.fingerprint) return "the file";
  if (operation != other.operation) return "--operation";
  if (id_param != other.id_param) return "--id-param";
  if (atomic != other.atomic) return "--atomic";
  if (formula_safe != other.formula_safe) return "--formula-safe";
  if (batch != other.batch) return "--batch";
  if (user != other.user) return "--user";
  if (vault != other.vault) return "--vault";
  if (results != other.results) return "--results";
  if (failed != other.failed) return "--failed";
  return {};
}

Result<LoadState> LoadState::begin(const std::string& path, LoadIdentity identity,
                                   std::string load_id) {
  // A kill at any point leaves the old file or the new one.
  const std::string made = path + ".new";
  auto file = OpenFile::for_writing(made, 0600);
  if (!file) return std::unexpected(file.error());
  const std::string line = first_line(identity, load_id);
  auto written = file->cut_to(0);
  if (written) written = file->write(line);
  if (written) written = file->sync();
  if (!written) return std::unexpected(written.error());
  if (std::rename(made.c_str(), path.c_str()) != 0) {
    return fail(ErrorType::kUnexpectedError, path + ": cannot be replaced");
  }
  LoadState state(path, std::move(identity), std::move(load_id), std::move(*file));
  state.first_line_bytes_ = line.size();
  return state;
}

Result<std::optional<LoadState>> LoadState::open(const std::string& path) {
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) return std::nullopt;
  auto file = OpenFile::for_writing(path);
  if (!file) return std::unexpected(file.error());
  const auto text = read_all(*file);
  if (!text) return std::unexpected(text.error());
  std::size_t end = text->find('\n');
  try {
    if (end == text->npos) throw std::out_of_range("no line");
    auto [identity, load_id] = read_first_line(json::parse(text->substr(0, end)));
    LoadState state(path, std::move(identity), std::move(load_id), std::move(*file));
    state.first_line_bytes_ = end + 1;
    for (std::size_t begin = end + 1; (end = text->find('\n', begin)) != text->npos;
         begin = end + 1) {
      const auto mark = read_mark(std::string_view(*text).substr(begin, end - begin));
      if (!mark) break;
      state.marks_.push_back({*mark, end + 1});
    }
    return state;
  } catch (const std::exception&) {
    return fail(ErrorType::kInvalidData, path + ": is not the state of a load");
  }
}

Result<BatchMark> LoadState::go_back_to(std::uint64_t results_bytes, std::uint64_t failed_bytes) {
  const auto lost = [&](const BatchMark& mark) {
    return mark.results_bytes > results_bytes || mark.failed_bytes > failed_bytes;
  };
  while (!marks_.empty() && lost(marks_.back().mark)) marks_.pop_back();
  const auto cut = file_.cut_to(marks_.empty() ? first_line_bytes_ : marks_.back().end);
  if (!cut) return std::unexpected(cut.error());
  return marks_.empty() ? BatchMark{} : marks_.back().mark;
}

Result<void> LoadState::mark(const BatchMark& mark) {
  return file_.write(fmt::format("{} {} {} {} {} {}\n", mark.batches, mark.succeeded, mark.failed,
                                 mark.unchanged, mark.results_bytes, mark.failed_bytes));
}

}  // namespace muster::loader
