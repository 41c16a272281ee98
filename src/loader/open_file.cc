#include "loader/open_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace muster::loader {
namespace {

std::string reason() { return std::generic_category().message(errno); }

}  // namespace

Result<OpenFile> OpenFile::open(const std::string& path, int flags, unsigned mode) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, mode);
  if (descriptor < 0) return fail(ErrorType::kInvalidData, path + ": " + reason());
  OpenFile file(descriptor, path);
  struct stat status{};
  if (::fstat(descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
    return fail(ErrorType::kInvalidData, path + ": is a directory");
  }
  return file;
}

Result<OpenFile> OpenFile::for_reading(const std::string& path) { return open(path, O_RDONLY, 0); }

Result<OpenFile> OpenFile::for_writing(const std::string& path, unsigned mode) {
  return open(path, O_RDWR | O_CREAT, mode);
}

OpenFile::~OpenFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::unexpected<Error> OpenFile::failure() const {
  return fail(ErrorType::kUnexpectedError, path_ + ": " + reason());
}

Result<std::size_t> OpenFile::read(std::span<char> into) {
  for (;;) {
    const ssize_t got = ::read(descriptor_, into.data(), into.size());
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) return failure();
  }
}

Result<void> OpenFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
    if (put >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(put));
    } else if (errno != EINTR) {
      return failure();
    }
  }
  return {};
}

Result<void> OpenFile::cut_to(std::uint64_t bytes) {
  const auto length = static_cast<off_t>(bytes);
  if (::ftruncate(descriptor_, length) != 0 || ::lseek(descriptor_, length, SEEK_SET) < 0) {
    return failure();
  }
  return {};
}

Result<void> OpenFile::rewind() {
  if (::lseek(descriptor_, 0, SEEK_SET) < 0) return failure();
  return {};
}

Result<void> OpenFile::sync() {
  if (::fsync(descriptor_) != 0) return failure();
  return {};
}

Result<std::uint64_t> OpenFile::size() const {
  const auto now = stamp();
  if (!now) return std::unexpected(now.error());
  return now->bytes;
}

Result<FileStamp> OpenFile::stamp() const {
  struct stat status{};
  if (::fstat(descriptor_, &status) != 0) return failure();
  return FileStamp{.bytes = static_cast<std::uint64_t>(status.st_size),
                   .modified_ns = status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

}  // namespace muster::loader
