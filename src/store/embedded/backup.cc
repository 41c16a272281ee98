#include "store/embedded/backup.h"

#include <functional>
#include <string>
#include <system_error>

#include "store/embedded/database.h"
#include "store/embedded/directory_lock.h"
#include "store/embedded/files.h"
#include "store/embedded/steps.h"
#include "store/embedded/verify.h"

namespace muster::store {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> refused(const fs::path& path, const std::string& why) {
  return fail(ErrorType::kUnexpectedError, path.string() + ": " + why);
}

// Under a name of its own until it is whole and on disk.
Result<void> write_whole(const fs::path& target,
                         const std::function<Result<void>(const fs::path&)>& write) {
  const fs::path unfinished = target.string() + ".unfinished";
  std::error_code error;
  fs::remove(unfinished, error);
  Result<void> done =
      in_order([&] { return make_private_file(unfinished); }, [&] { return write(unfinished); },
               [&] { return sync_file(unfinished); });
  if (done) {
    fs::rename(unfinished, target, error);
    if (error) done = refused(target, error.message());
  }
  if (done) return sync_directory(fs::absolute(target).parent_path());
  fs::remove(unfinished, error);
  return done;
}

// SQLite's own way to a copy as of one moment: what is committed meanwhile stays out of it.
Result<void> copy_database(Database& from, const fs::path& to) {
  auto copy = from.prepare("VACUUM INTO ?1");
  if (!copy) return std::unexpected(copy.error());
  const std::string name = to.string();
  copy->bind(1, name);
  return copy->run();
}

}  // namespace

Result<void> backup(const fs::path& directory, const fs::path& target) {
  const fs::path file = directory / "muster.db";
  if (!fs::exists(file)) return refused(directory, "there is no directory here");
  if (fs::exists(target)) return refused(target, "exists already");
  Result<Database> database = Database::open(file.string(), "");
  if (!database) return std::unexpected(database.error());
  return write_whole(target, [&](const fs::path& to) { return copy_database(*database, to); });
}

Result<void> restore(const fs::path& copy, const fs::path& directory) {
  const auto report = verify(copy);
  if (!report) return std::unexpected(report.error());
  if (auto made = make_directory(directory); !made) return made;
  const Result<DirectoryLock> lock = DirectoryLock::acquire(directory);
  if (!lock) return std::unexpected(lock.error());
  const fs::path file = directory / "muster.db";
  if (fs::exists(file)) return refused(directory, "has data already");
  Result<Database> database = Database::open(copy.string(), "");
  if (!database) return std::unexpected(database.error());
  return write_whole(file, [&](const fs::path& to) { return copy_database(*database, to); });
}

}  // namespace muster::store
