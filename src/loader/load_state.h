// The small file beside the input that lets a load go on after its end, however that came: the
// load's id, which makes the idempotency keys, and how far it got.
//
//   auto state = LoadState::begin(path, identity, load_id);
//   state->mark({.batches = 1, ...});                 // after each batch, in order
//   auto old = LoadState::open(path);                 // --resume
//
// Form: a line of JSON (LoadIdentity), then a line of numbers a batch (BatchMark). Lines are only
// appended; one that a kill or a power failure cut is no mark. What is marked was answered by the
// server and stands in the files of results. What the file does not know any more is sent again
// under the same key, which changes nothing twice.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "loader/open_file.h"

namespace muster::loader {

// What must be the same for a load to be the same one.
struct LoadIdentity {
  std::uint64_t bytes = 0;  // of the input
  std::string fingerprint;
  std::string operation;
  std::string id_param;
  bool atomic = false;
  bool formula_safe = false;
  std::uint64_t batch = 0;
  std::string user;
  std::string vault;
  std::string results;  // the file's path; empty: none
  std::string failed;

  // The name of the first thing that differs; empty when nothing does.
  [[nodiscard]] std::string difference(const LoadIdentity& other) const;
};

// After a batch: sums over it and all before it.
struct BatchMark {
  std::uint64_t batches = 0;
  std::uint64_t succeeded = 0;  // changed
  std::uint64_t failed = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t results_bytes = 0;  // lengths of the files after it
  std::uint64_t failed_bytes = 0;
  friend bool operator==(const BatchMark&, const BatchMark&) = default;

  [[nodiscard]] std::uint64_t records() const { return succeeded + failed + unchanged; }
};

class LoadState {
 public:
  // A new file in the place of an old one.
  [[nodiscard]] static Result<LoadState> begin(const std::string& path, LoadIdentity identity,
                                               std::string load_id);
  // nullopt when there is no such file; kInvalidData when it is not a load's.
  [[nodiscard]] static Result<std::optional<LoadState>> open(const std::string& path);

  [[nodiscard]] const LoadIdentity& identity() const { return identity_; }
  [[nodiscard]] const std::string& load_id() const { return load_id_; }

  // The last mark whose files are that long at least; forgets the later ones, here and in the file.
  [[nodiscard]] Result<BatchMark> go_back_to(std::uint64_t results_bytes,
                                             std::uint64_t failed_bytes);
  [[nodiscard]] Result<void> mark(const BatchMark& mark);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  LoadState(std::string path, LoadIdentity identity, std::string load_id, OpenFile file)
      : path_(std::move(path)),
        identity_(std::move(identity)),
        load_id_(std::move(load_id)),
        file_(std::move(file)) {}

  struct Written {
    BatchMark mark{};
    std::uint64_t end = 0;  // of its line in the file
  };

  std::string path_;
  LoadIdentity identity_;
  std::string load_id_;
  OpenFile file_;
  std::uint64_t first_line_bytes_ = 0;
  std::vector<Written> marks_;  // as read
};

}  // namespace muster::loader
