// An open file that closes itself; errors name the path.
// Not thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace muster::loader {

// Tells whether a file was written to in between.
struct FileStamp {
  std::uint64_t bytes = 0;
  std::int64_t modified_ns = 0;
  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

class OpenFile {
 public:
  // kInvalidData "PATH: reason" when the file cannot be opened.
  [[nodiscard]] static Result<OpenFile> for_reading(const std::string& path);
  // Made when it is not there; what is in it stays. `mode`: rights of a new one.
  [[nodiscard]] static Result<OpenFile> for_writing(const std::string& path, unsigned mode = 0666);

  OpenFile(OpenFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  OpenFile& operator=(OpenFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    std::swap(path_, other.path_);
    return *this;
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  ~OpenFile();

  // All of them kUnexpectedError "PATH: reason".
  [[nodiscard]] Result<std::size_t> read(std::span<char> into);  // 0: the end
  [[nodiscard]] Result<void> write(std::string_view bytes);      // at the place, all of them
  [[nodiscard]] Result<void> cut_to(std::uint64_t bytes);        // and go on at the new end
  [[nodiscard]] Result<void> rewind();
  [[nodiscard]] Result<void> sync();
  [[nodiscard]] Result<std::uint64_t> size() const;
  [[nodiscard]] Result<FileStamp> stamp() const;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  OpenFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  [[nodiscard]] static Result<OpenFile> open(const std::string& path, int flags, unsigned mode);
  [[nodiscard]] std::unexpected<Error> failure() const;

  int descriptor_;
  std::string path_;
};

}  // namespace muster::loader
