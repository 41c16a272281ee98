// A disk for SQLite that forgets: files in memory, with the writes since the last sync kept
// apart, so that a test can cut the power at any operation and see what a restart finds.
//
//   CrashDisk disk;
//   auto store = EmbeddedStore::open(dir, {.vfs = disk.vfs_name(), ...}, metrics);
//   disk.cut_power_at(17);      // ... work until everything fails ...
//   disk.restart(random);       // some of the unsynced pieces arrived, some not, some half
//
// After a power cut each unsynced write is split at sectors of 512 bytes; every piece arrives
// or not by itself, in any order, and may be torn in the middle. A file whose name was never
// synced may be gone. For tests; one thread.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace muster::store::testing {

enum class Fault : std::uint8_t {
  kIoError,    // the operation does not happen
  kDiskFull,   // a write does not happen; other operations do
  kSyncError,  // a sync fails, and no later one keeps what it should have; other operations happen
};

class CrashDisk {
 public:
  CrashDisk();
  CrashDisk(const CrashDisk&) = delete;
  CrashDisk& operator=(const CrashDisk&) = delete;
  ~CrashDisk();

  [[nodiscard]] const std::string& vfs_name() const { return name_; }
  // Writes, truncates, syncs and deletes so far: what faults and cuts are counted by.
  [[nodiscard]] std::int64_t operations() const { return operations_; }

  // From this operation on nothing works any more.
  void cut_power_at(std::int64_t operation) { power_cut_ = operation; }
  // This operation fails, or this and all later ones.
  void fail_at(std::int64_t operation, Fault fault, bool for_ever);
  // True when a fault of fail_at() was met.
  [[nodiscard]] bool has_failed() const { return has_failed_; }

  // Only the process starts again: what it saw on the disk is still to be seen. REQUIRES: no open
  // files.
  void take_back_faults();

  // The machine starts again; REQUIRES: no open files. Faults and cuts are taken back.
  void restart(std::mt19937_64& random);

  // An empty disk. REQUIRES: no open files.
  void erase();

  struct File;

 private:
  friend struct CrashVfs;
  struct Access;

  [[nodiscard]] bool has_power() const { return !power_cut_ || operations_ < *power_cut_; }
  // Counts an operation. SQLITE_OK, or the code it fails with.
  int begin_operation(bool is_write, bool is_sync);

  std::string name_;
  std::unique_ptr<sqlite3_vfs> vfs_;
  std::map<std::string, std::shared_ptr<File>> files_;
  std::int64_t operations_ = 0;
  std::optional<std::int64_t> power_cut_;
  std::optional<std::int64_t> fault_at_;
  Fault fault_ = Fault::kIoError;
  bool fails_for_ever_ = false;
  bool has_failed_ = false;
};

}  // namespace muster::store::testing
