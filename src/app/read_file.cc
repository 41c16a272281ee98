#include "app/read_file.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace muster::app {

Result<std::string> read_file(const std::string& path, std::uint64_t bytes_max) {
  std::error_code failure;
  const bool is_directory = std::filesystem::is_directory(path, failure);
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file || is_directory) {
    const std::error_code reason = is_directory ? std::make_error_code(std::errc::is_a_directory)
                                                : std::error_code(errno, std::generic_category());
    return fail(ErrorType::kInvalidData, path + ": cannot be read: " + reason.message());
  }
  std::string text;
  std::string block(std::size_t{64} * 1024, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    text.append(block, 0, static_cast<std::size_t>(file.gcount()));
    if (text.size() > bytes_max) {
      return fail(ErrorType::kInvalidData,
                  path + ": is larger than " + std::to_string(bytes_max) + " bytes");
    }
  }
  if (file.bad()) return fail(ErrorType::kInvalidData, path + ": cannot be read to its end");
  return text;
}

}  // namespace muster::app
