#include "store/embedded/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <system_error>

namespace muster::store {
namespace {

std::unexpected<Error> system_failure(const std::string& what, const std::string& reason) {
  return fail(ErrorType::kUnexpectedError, what + ": " + reason);
}

Result<void> sync(const std::filesystem::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  const bool is_synced = descriptor >= 0 && ::fsync(descriptor) == 0;
  const int error = errno;
  if (descriptor >= 0) ::close(descriptor);
  if (!is_synced) return system_failure("Cannot sync " + path.string(), std::strerror(error));
  return {};
}

}  // namespace

Result<void> make_directory(const std::filesystem::path& directory) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(directory, error);
  if (!error && is_new) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  }
  if (error) return system_failure("Cannot create " + directory.string(), error.message());
  return {};
}

Result<void> make_private_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return system_failure("Cannot open " + file.string(), std::strerror(errno));
  ::close(descriptor);
  return {};
}

Result<void> sync_file(const std::filesystem::path& file) { return sync(file, O_RDONLY); }

Result<void> sync_directory(const std::filesystem::path& directory) {
  return sync(directory, O_RDONLY | O_DIRECTORY);
}

}  // namespace muster::store
