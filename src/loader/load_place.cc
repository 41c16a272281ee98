#include "loader/load_place.h"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <utility>

#include "base/hex.h"
#include "loader/result_rows.h"

namespace muster::loader {
namespace {

std::string new_load_id() {
  std::random_device random;
  std::array<std::uint8_t, 16> bytes{};
  for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
  return "load-" + hex_lower(bytes);
}

LoadIdentity identity_of(const LoadOptions& options, const CheckedFile& input) {
  return {.bytes = input.bytes,
          .fingerprint = input.fingerprint,
          .operation = std::string(name_of(options.operation)),
          .id_param = options.id_param,
          .atomic = options.atomic,
          .formula_safe = options.formula_safe,
          .batch = options.batch,
          .user = options.who.user,
          .vault = options.who.vault_dns,
          .results = options.results,
          .failed = options.failed};
}

Result<std::optional<OpenFile>> open_output(const std::string& path) {
  if (path.empty()) return std::nullopt;
  auto file = OpenFile::for_writing(path);
  if (!file) return std::unexpected(file.error());
  return std::move(*file);
}

// A file that is not wanted has lost nothing.
Result<std::uint64_t> length_of(const std::optional<OpenFile>& file) {
  return file ? file->size() : Result<std::uint64_t>(~std::uint64_t{0});
}

// Goes on where the state says; without a state the load begins at the beginning.
Result<void> resume(LoadPlace& place, const std::string& path, const LoadIdentity& identity) {
  auto state = LoadState::open(path);
  if (!state) return std::unexpected(state.error());
  if (!*state) {
    fmt::print(stderr, "muster: {} is not there; the load begins at the beginning.\n", path);
    return {};
  }
  const std::string difference = (*state)->identity().difference(identity);
  if (!difference.empty()) {
    return fail(ErrorType::kInvalidData,
                fmt::format("{} is not the same as when this load began, so it cannot be resumed; "
                            "without --resume it begins anew.",
                            difference));
  }
  const auto results = length_of(place.files.results);
  if (!results) return std::unexpected(results.error());
  const auto failed = length_of(place.files.failed);
  if (!failed) return std::unexpected(failed.error());
  const auto mark = (*state)->go_back_to(*results, *failed);
  if (!mark) return std::unexpected(mark.error());
  place.mark = *mark;
  place.load_id = (*state)->load_id();
  place.state = std::move(**state);
  return {};
}

Result<void> begin_state(LoadPlace& place, const std::string& path, const LoadIdentity& identity) {
  auto state = LoadState::begin(path, identity, place.load_id);
  if (!state) return std::unexpected(state.error());
  place.state = std::move(*state);
  return {};
}

// What is behind the mark was not finished; without one a file begins with its header.
Result<void> cut_back(std::optional<OpenFile>& file, std::uint64_t& bytes,
                      const std::string& header) {
  if (!file) return {};
  if (auto cut = file->cut_to(bytes); !cut || bytes > 0) return cut;
  bytes = header.size();
  return file->write(header);
}

}  // namespace

Result<LoadPlace> find_place(const LoadOptions& options, const CheckedFile& input) {
  const LoadIdentity identity = identity_of(options, input);
  const std::string state_path = options.file + ".muster-state";
  LoadPlace place;
  place.load_id = new_load_id();
  place.files.columns = input.columns.own;
  place.files.print_differences = options.dry_run;
  auto results = open_output(options.results);
  if (!results) return std::unexpected(results.error());
  place.files.results = std::move(*results);
  auto failed = open_output(options.failed);
  if (!failed) return std::unexpected(failed.error());
  place.files.failed = std::move(*failed);

  Result<void> ready;
  if (options.resume) ready = resume(place, state_path, identity);
  if (ready && !options.dry_run && !place.state) ready = begin_state(place, state_path, identity);
  if (ready) ready = cut_back(place.files.results, place.mark.results_bytes, results_header());
  if (ready) {
    ready = cut_back(place.files.failed, place.mark.failed_bytes,
                     failed_header(input.columns, input.byte_order_mark));
  }
  if (!ready) return std::unexpected(ready.error());
  return place;
}

}  // namespace muster::loader
