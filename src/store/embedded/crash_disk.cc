#include "store/embedded/crash_disk.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <new>
#include <utility>

#include "base/assert.h"

namespace muster::store::testing {
namespace {

constexpr std::size_t kSectorBytes = 512;

// What happened to a file since its last sync.
struct Unsynced {
  std::size_t offset = 0;
  std::string bytes;
  std::optional<std::size_t> truncate;  // to this size; then the others mean nothing
};

struct SharedMemory {
  std::vector<std::unique_ptr<std::vector<char>>> regions;
  std::array<int, SQLITE_SHM_NLOCK> shared{};
  std::array<const void*, SQLITE_SHM_NLOCK> exclusive{};
  int users = 0;
};

void write_to(std::string& image, std::size_t offset, std::string_view bytes) {
  if (image.size() < offset + bytes.size()) image.resize(offset + bytes.size());
  image.replace(offset, bytes.size(), bytes);
}

std::vector<Unsynced> split_at_sectors(const std::vector<Unsynced>& writes) {
  std::vector<Unsynced> pieces;
  for (const Unsynced& write : writes) {
    if (write.truncate) {
      pieces.push_back(write);
      continue;
    }
    for (std::size_t done = 0; done < write.bytes.size();) {
      const std::size_t offset = write.offset + done;
      const std::size_t count =
          std::min(kSectorBytes - offset % kSectorBytes, write.bytes.size() - done);
      pieces.push_back({offset, write.bytes.substr(done, count), std::nullopt});
      done += count;
    }
  }
  return pieces;
}

}  // namespace

struct CrashDisk::File {
  std::string now;  // what the processes of this machine see
  std::string synced;
  std::vector<Unsynced> unsynced;
  bool is_name_synced = false;
  bool is_deleted = false;
  // Locks of the main file, by connection.
  int readers = 0;
  const void* reserved = nullptr;
  const void* exclusive = nullptr;
  SharedMemory memory;

  void sync() {
    for (const Unsynced& write : unsynced) keep(write, write.bytes);
    unsynced.clear();
    is_name_synced = true;
  }

  // As Linux does it: what could not be written counts as written from now on, so readers still
  // see it, and no later sync brings it to the disk.
  void fail_sync() { unsynced.clear(); }

  void keep(const Unsynced& write, std::string_view bytes) {
    if (write.truncate) {
      synced.resize(*write.truncate);
    } else {
      write_to(synced, write.offset, bytes);
    }
  }

  void lose_power(std::mt19937_64& random) {
    std::vector<Unsynced> pieces = split_at_sectors(unsynced);
    // From "nothing arrived" to "all arrived", now and then in another order.
    const unsigned kept_percent = std::uniform_int_distribution<unsigned>(0, 4)(random) * 25;
    if (random() % 2 == 0) std::ranges::shuffle(pieces, random);
    for (const Unsynced& piece : pieces) {
      if (random() % 100 >= kept_percent) continue;
      const bool is_torn = random() % 16 == 0;
      const std::size_t count = is_torn ? piece.bytes.size() / 2 : piece.bytes.size();
      keep(piece, std::string_view(piece.bytes).substr(0, count));
    }
    unsynced.clear();
    now = synced;
  }
};

// An open file as SQLite holds it.
struct CrashDisk::Access {
  sqlite3_file base;
  CrashDisk* disk;
  std::shared_ptr<File>* file;
  int lock;
  std::array<bool, SQLITE_SHM_NLOCK>* shared;  // slots this connection holds
  bool has_memory;
};

// The callbacks of the SQLite interface; the signatures are SQLite's.
struct CrashVfs {
  using Access = CrashDisk::Access;
  using File = CrashDisk::File;

  static CrashDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<CrashDisk*>(vfs->pAppData); }
  static Access& access_of(sqlite3_file* file) { return *reinterpret_cast<Access*>(file); }
  static File& file_of(sqlite3_file* file) { return **access_of(file).file; }

  static int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out) {
    CrashDisk& disk = disk_of(vfs);
    Access& access = access_of(file);
    std::memset(&access, 0, sizeof access);
    auto node = std::make_shared<File>();
    if (name != nullptr) {
      const auto found = disk.files_.find(name);
      if (found != disk.files_.end() && !found->second->is_deleted) {
        node = found->second;
      } else if ((flags & SQLITE_OPEN_CREATE) == 0) {
        return SQLITE_CANTOPEN;
      } else {
        disk.files_[name] = node;
        // The store itself syncs the directory after it made the main file.
        node->is_name_synced = (flags & SQLITE_OPEN_MAIN_DB) != 0;
      }
    }
    access.disk = &disk;
    access.file = new std::shared_ptr<File>(std::move(node));
    access.shared = new std::array<bool, SQLITE_SHM_NLOCK>{};
    access.base.pMethods = &kMethods;
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
  }

  static int close(sqlite3_file* file) {
    Access& access = access_of(file);
    unlock(file, SQLITE_LOCK_NONE);
    shm_unmap(file, 0);
    delete std::exchange(access.file, nullptr);
    delete std::exchange(access.shared, nullptr);
    return SQLITE_OK;
  }

  static int read(sqlite3_file* file, void* buffer, int count, sqlite3_int64 offset) {
    const std::string& now = file_of(file).now;
    const auto begin = std::min(static_cast<std::size_t>(offset), now.size());
    const std::size_t there = std::min(static_cast<std::size_t>(count), now.size() - begin);
    std::memset(buffer, 0, static_cast<std::size_t>(count));
    std::memcpy(buffer, now.data() + begin, there);
    return there == static_cast<std::size_t>(count) ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
  }

  static int write(sqlite3_file* file, const void* buffer, int count, sqlite3_int64 offset) {
    if (const int code = access_of(file).disk->begin_operation(true, false)) return code;
    const std::string bytes(static_cast<const char*>(buffer), static_cast<std::size_t>(count));
    const auto begin = static_cast<std::size_t>(offset);
    write_to(file_of(file).now, begin, bytes);
    file_of(file).unsynced.push_back({begin, bytes, std::nullopt});
    return SQLITE_OK;
  }

  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    if (const int code = access_of(file).disk->begin_operation(false, false)) return code;
    file_of(file).now.resize(static_cast<std::size_t>(size));
    file_of(file).unsynced.push_back({0, {}, static_cast<std::size_t>(size)});
    return SQLITE_OK;
  }

  static int sync(sqlite3_file* file, int) {
    CrashDisk& disk = *access_of(file).disk;
    const int code = disk.begin_operation(false, true);
    if (code == SQLITE_OK) file_of(file).sync();
    if (code != SQLITE_OK && disk.has_power()) file_of(file).fail_sync();
    return code;
  }

  static int size(sqlite3_file* file, sqlite3_int64* bytes) {
    *bytes = std::ssize(file_of(file).now);
    return SQLITE_OK;
  }

  static int lock(sqlite3_file* file, int level) {
    Access& access = access_of(file);
    File& node = file_of(file);
    if (access.lock >= level) return SQLITE_OK;
    if (node.exclusive != nullptr && node.exclusive != file) return SQLITE_BUSY;
    if (level >= SQLITE_LOCK_RESERVED) {
      if (node.reserved != nullptr && node.reserved != file) return SQLITE_BUSY;
      node.reserved = file;
    }
    if (level == SQLITE_LOCK_EXCLUSIVE) {
      if (node.readers > (access.lock >= SQLITE_LOCK_SHARED ? 1 : 0)) return SQLITE_BUSY;
      node.exclusive = file;
    }
    if (access.lock == SQLITE_LOCK_NONE) ++node.readers;
    access.lock = level;
    return SQLITE_OK;
  }

  static int unlock(sqlite3_file* file, int level) {
    Access& access = access_of(file);
    File& node = file_of(file);
    if (access.lock <= level) return SQLITE_OK;
    if (node.reserved == file) node.reserved = nullptr;
    if (node.exclusive == file) node.exclusive = nullptr;
    if (level == SQLITE_LOCK_NONE) --node.readers;
    access.lock = level;
    return SQLITE_OK;
  }

  static int is_reserved(sqlite3_file* file, int* answer) {
    *answer = file_of(file).reserved != nullptr ? 1 : 0;
    return SQLITE_OK;
  }

  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector_bytes(sqlite3_file*) { return kSectorBytes; }
  static int characteristics(sqlite3_file*) { return 0; }

  static int shm_map(sqlite3_file* file, int region, int bytes, int extend, void volatile** out) {
    Access& access = access_of(file);
    SharedMemory& memory = file_of(file).memory;
    if (!std::exchange(access.has_memory, true)) ++memory.users;
    const auto index = static_cast<std::size_t>(region);
    *out = nullptr;
    while (memory.regions.size() <= index) {
      if (extend == 0) return SQLITE_OK;
      memory.regions.push_back(
          std::make_unique<std::vector<char>>(static_cast<std::size_t>(bytes)));
    }
    *out = memory.regions[index]->data();
    return SQLITE_OK;
  }

  static int shm_lock(sqlite3_file* file, int first, int count, int flags) {
    Access& access = access_of(file);
    SharedMemory& memory = file_of(file).memory;
    const auto begin = static_cast<std::size_t>(first);
    const auto end = begin + static_cast<std::size_t>(count);
    const bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;
    if ((flags & SQLITE_SHM_UNLOCK) != 0) {
      for (std::size_t i = begin; i < end; ++i) release(memory, access, file, i, is_shared);
      return SQLITE_OK;
    }
    for (std::size_t i = begin; i < end; ++i) {
      const int own = (*access.shared)[i] ? 1 : 0;
      if (memory.exclusive[i] != nullptr && memory.exclusive[i] != file) return SQLITE_BUSY;
      if (!is_shared && memory.shared[i] > own) return SQLITE_BUSY;
    }
    for (std::size_t i = begin; i < end; ++i) {
      if (!is_shared) {
        memory.exclusive[i] = file;
      } else if (!std::exchange((*access.shared)[i], true)) {
        ++memory.shared[i];
      }
    }
    return SQLITE_OK;
  }

  static void release(SharedMemory& memory, Access& access, const sqlite3_file* file,
                      std::size_t slot, bool is_shared) {
    if (is_shared) {
      if (std::exchange((*access.shared)[slot], false)) --memory.shared[slot];
    } else if (memory.exclusive[slot] == file) {
      memory.exclusive[slot] = nullptr;
    }
  }

  static void shm_barrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

  static int shm_unmap(sqlite3_file* file, int) {
    Access& access = access_of(file);
    if (!std::exchange(access.has_memory, false)) return SQLITE_OK;
    SharedMemory& memory = file_of(file).memory;
    for (std::size_t i = 0; i < SQLITE_SHM_NLOCK; ++i) {
      release(memory, access, file, i, true);
      release(memory, access, file, i, false);
    }
    if (--memory.users == 0) memory = {};
    return SQLITE_OK;
  }

  static int remove(sqlite3_vfs* vfs, const char* name, int sync_name) {
    CrashDisk& disk = disk_of(vfs);
    const auto found = disk.files_.find(name);
    if (found == disk.files_.end() || found->second->is_deleted) return SQLITE_IOERR_DELETE_NOENT;
    if (const int code = disk.begin_operation(false, false)) return code;
    found->second->is_deleted = true;
    if (sync_name != 0) disk.files_.erase(found);
    return SQLITE_OK;
  }

  static int exists(sqlite3_vfs* vfs, const char* name, int, int* answer) {
    const CrashDisk& disk = disk_of(vfs);
    const auto found = disk.files_.find(name);
    *answer = found != disk.files_.end() && !found->second->is_deleted ? 1 : 0;
    return SQLITE_OK;
  }

  static int full_name(sqlite3_vfs*, const char* name, int count, char* out) {
    sqlite3_snprintf(count, out, "%s", name);
    return SQLITE_OK;
  }

  static const sqlite3_io_methods kMethods;
};

const sqlite3_io_methods CrashVfs::kMethods = {
    .iVersion = 2,
    .xClose = CrashVfs::close,
    .xRead = CrashVfs::read,
    .xWrite = CrashVfs::write,
    .xTruncate = CrashVfs::truncate,
    .xSync = CrashVfs::sync,
    .xFileSize = CrashVfs::size,
    .xLock = CrashVfs::lock,
    .xUnlock = CrashVfs::unlock,
    .xCheckReservedLock = CrashVfs::is_reserved,
    .xFileControl = CrashVfs::control,
    .xSectorSize = CrashVfs::sector_bytes,
    .xDeviceCharacteristics = CrashVfs::characteristics,
    .xShmMap = CrashVfs::shm_map,
    .xShmLock = CrashVfs::shm_lock,
    .xShmBarrier = CrashVfs::shm_barrier,
    .xShmUnmap = CrashVfs::shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

CrashDisk::CrashDisk() {
  static std::atomic<int> counter = 0;
  name_ = "crash-disk-" + std::to_string(++counter);
  // Time, randomness and the rest are the system's.
  vfs_ = std::make_unique<sqlite3_vfs>(*sqlite3_vfs_find(nullptr));
  vfs_->szOsFile = sizeof(Access);
  vfs_->zName = name_.c_str();
  vfs_->pAppData = this;
  vfs_->xOpen = CrashVfs::open;
  vfs_->xDelete = CrashVfs::remove;
  vfs_->xAccess = CrashVfs::exists;
  vfs_->xFullPathname = CrashVfs::full_name;
  MUSTER_ASSERT(sqlite3_vfs_register(vfs_.get(), 0) == SQLITE_OK);
}

CrashDisk::~CrashDisk() { sqlite3_vfs_unregister(vfs_.get()); }

void CrashDisk::fail_at(std::int64_t operation, Fault fault, bool for_ever) {
  fault_at_ = operation;
  fault_ = fault;
  fails_for_ever_ = for_ever;
}

int CrashDisk::begin_operation(bool is_write, bool is_sync) {
  const std::int64_t operation = operations_;
  const int io_error = is_sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
  if (!has_power()) return io_error;
  ++operations_;
  if (!fault_at_ || operation < *fault_at_) return SQLITE_OK;
  const bool applies = fault_ == Fault::kIoError || (fault_ == Fault::kDiskFull && is_write) ||
                       (fault_ == Fault::kSyncError && is_sync);
  if (!applies || (has_failed_ && !fails_for_ever_)) return SQLITE_OK;
  has_failed_ = true;
  return fault_ == Fault::kDiskFull ? SQLITE_FULL : io_error;
}

void CrashDisk::erase() {
  files_.clear();
  operations_ = 0;
  take_back_faults();
}

void CrashDisk::take_back_faults() {
  power_cut_.reset();
  fault_at_.reset();
  has_failed_ = false;
}

void CrashDisk::restart(std::mt19937_64& random) {
  for (auto entry = files_.begin(); entry != files_.end();) {
    File& file = *entry->second;
    file.lose_power(random);
    const bool is_gone =
        file.is_deleted ? random() % 2 == 0 : !file.is_name_synced && random() % 2 == 0;
    file.is_deleted = false;
    entry = is_gone ? files_.erase(entry) : std::next(entry);
  }
  take_back_faults();
}

}  // namespace muster::store::testing
