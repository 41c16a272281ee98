// The floor a durable update can reach on this machine: users in memory, one batch at a time on
// one thread, no HTTP, no parsing, no recovery. Per batch of 500 random users and six fields:
// validate the new values, encode old and new values as JSON, write them to a log whose blocks
// are already written (recycled), fdatasync, keep the new values. Prints one JSON line.
//
//   bench_raw_journal FILE USERS SECONDS
//
// The making of the input is not timed. At the end the last record is read back and compared.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "change.h"
#include "samples.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kLogBytes = 64ULL * 1024 * 1024;

struct Update {
  std::size_t user;
  Values values;
};

class RecycledLog {
 public:
  explicit RecycledLog(const char* path) : file_(::open(path, O_CREAT | O_RDWR | O_TRUNC, 0600)) {
    if (file_ < 0) throw std::runtime_error("cannot open the log file");
    const std::string zeros(1024 * 1024, '\0');
    for (std::size_t at = 0; at < kLogBytes; at += zeros.size()) put(zeros, at);
    if (::fsync(file_) != 0) throw std::runtime_error("fsync failed");
  }
  ~RecycledLog() { ::close(file_); }
  RecycledLog(const RecycledLog&) = delete;
  RecycledLog& operator=(const RecycledLog&) = delete;

  void append(const std::string& bytes) {
    if (end_ + bytes.size() > kLogBytes) end_ = 0;
    put(bytes, end_);
    const auto begin = Clock::now();
    if (::fdatasync(file_) != 0) throw std::runtime_error("fdatasync failed");
    flush_ms_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    end_ += bytes.size();
  }

  [[nodiscard]] double median_flush_ms() {
    std::ranges::sort(flush_ms_);
    return flush_ms_[flush_ms_.size() / 2];
  }

  [[nodiscard]] std::string last(std::size_t size) const {
    std::string bytes(size, '\0');
    const auto at = static_cast<off_t>(end_ - size);
    if (::pread(file_, bytes.data(), size, at) != static_cast<ssize_t>(size)) {
      throw std::runtime_error("read failed");
    }
    return bytes;
  }

 private:
  void put(const std::string& bytes, std::size_t at) const {
    if (::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("write failed");
    }
  }

  int file_;
  std::size_t end_ = 0;
  std::vector<double> flush_ms_;
};

std::vector<Update> make_batch(std::size_t users, std::mt19937& random, unsigned number) {
  Ids ids(kRecords);
  pick_users(random, users, ids);
  std::vector<Update> batch;
  for (const std::uint32_t id : ids) batch.push_back({id, make_values(number)});
  return batch;
}

void apply(std::vector<Update>& batch, std::vector<Values>& users, RecycledLog& log,
           std::string& record) {
  record.clear();
  for (const Update& update : batch) {
    if (!valid(update.values)) throw std::runtime_error("invalid value");
    append_change(record, update.user, users[update.user], update.values);
  }
  log.append(record);
  for (Update& update : batch) users[update.user] = std::move(update.values);
}

void verify(const std::vector<Update>& batch, unsigned number, const std::vector<Values>& users,
            const RecycledLog& log, const std::string& record) {
  if (log.last(record.size()) != record) throw std::runtime_error("the log lost a record");
  for (const Update& update : batch) {
    if (users[update.user] != make_values(number)) throw std::runtime_error("a user is stale");
  }
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: bench_raw_journal FILE USERS SECONDS");
  const std::size_t user_count = std::stoul(argv[2]);
  const double seconds = std::stod(argv[3]);
  std::mt19937 random(7);
  std::vector<Values> users(user_count, make_values(0));
  RecycledLog log(argv[1]);
  std::string record;
  std::vector<Sample> samples;
  std::vector<Update> batch;
  unsigned number = 0;
  const auto start = Clock::now();
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  while (since(start) < seconds) {
    batch = make_batch(user_count, random, ++number);
    const auto begin = Clock::now();
    apply(batch, users, log, record);
    samples.push_back({since(start), since(begin) * 1000});
  }
  if (!samples.empty()) verify(batch, number, users, log, record);
  std::printf("{%s,\"flush_p50_ms\":%.4f,\"record_bytes\":%zu}\n",
              members(samples, busy_seconds(samples)).c_str(), log.median_flush_ms(),
              record.size());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_raw_journal: %s\n", error.what());
  return 1;
}
