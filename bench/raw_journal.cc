// The floor a durable update can reach on this machine: users in memory, one batch at a time on
// one thread, no HTTP, no parsing, no recovery. Per batch of 500 random users and six fields:
// validate the new values, encode old and new values as JSON, write them to a log whose blocks
// are already written (recycled), fdatasync, keep the new values. Prints one JSON line.
//
//   bench_raw_journal FILE USERS SECONDS
//
// The making of the input is not timed. Same fields and lengths as bench_load sends.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kFieldCount = 6;
constexpr std::size_t kRecords = 500;
constexpr std::size_t kLogBytes = 64ULL * 1024 * 1024;
constexpr std::array<std::string_view, kFieldCount> kNames = {
    "user_title__v", "company__v", "site__v", "office_phone__v", "fax__v", "alias__v"};
constexpr std::array<std::size_t, kFieldCount> kLengths = {255, 255, 255, 20, 255, 40};
constexpr std::array<std::string_view, kFieldCount> kStems = {"Senior Specialist, Quality ",
                                                              "Example Pharma Holding ",
                                                              "Basel Building 12 ",
                                                              "+41 61 ",
                                                              "+41 62 ",
                                                              "alias-"};

using User = std::array<std::string, kFieldCount>;

struct Update {
  std::size_t user;
  User values;
};

User make_values(unsigned number) {
  std::array<char, 16> token{};
  std::snprintf(token.data(), token.size(), "%08x", number);
  User values;
  for (std::size_t i = 0; i < kFieldCount; ++i) values[i] = std::string(kStems[i]) + token.data();
  return values;
}

bool valid(const Update& update) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const auto points = std::ranges::count_if(
        update.values[i], [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
    if (static_cast<std::size_t>(points) > kLengths[i]) return false;
    if (std::ranges::any_of(update.values[i],
                            [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
      return false;
    }
  }
  return true;
}

void append_json(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

void encode(std::string& out, const Update& update, const User& old) {
  out.append("{\"id\":").append(std::to_string(update.user));
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    out.append(",\"").append(kNames[i]).append("\":[");
    append_json(out, old[i]);
    out += ',';
    append_json(out, update.values[i]);
    out += ']';
  }
  out += "}\n";
}

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
    if (at_ + bytes.size() > kLogBytes) at_ = 0;
    put(bytes, at_);
    if (::fdatasync(file_) != 0) throw std::runtime_error("fdatasync failed");
    at_ += bytes.size();
  }

 private:
  void put(const std::string& bytes, std::size_t at) const {
    if (::pwrite(file_, bytes.data(), bytes.size(), static_cast<off_t>(at)) !=
        static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("write failed");
    }
  }

  int file_;
  std::size_t at_ = 0;
};

std::vector<Update> make_batch(std::size_t users, std::mt19937& random, unsigned number) {
  std::uniform_int_distribution<std::size_t> pick(0, users - 1);
  std::vector<Update> batch;
  for (std::size_t i = 0; i < kRecords; ++i) batch.push_back({pick(random), make_values(number)});
  return batch;
}

void apply(std::vector<Update>& batch, std::vector<User>& users, RecycledLog& log,
           std::string& record) {
  record.clear();
  for (const Update& update : batch) {
    if (!valid(update)) throw std::runtime_error("invalid value");
    encode(record, update, users[update.user]);
  }
  log.append(record);
  for (Update& update : batch) users[update.user] = std::move(update.values);
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 4) throw std::runtime_error("usage: bench_raw_journal FILE USERS SECONDS");
  const std::size_t user_count = std::stoul(argv[2]);
  const double seconds = std::stod(argv[3]);
  std::mt19937 random(7);
  std::vector<User> users(user_count, make_values(0));
  RecycledLog log(argv[1]);
  std::string record;
  std::vector<double> milliseconds;
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  for (unsigned number = 1; Clock::now() < end; ++number) {
    auto batch = make_batch(user_count, random, number);
    const auto begin = Clock::now();
    apply(batch, users, log, record);
    milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
  }
  double total = 0;
  for (const double one : milliseconds) total += one;
  std::ranges::sort(milliseconds);
  std::printf("{\"batches\":%zu,\"batches_per_s\":%.1f,\"p50_ms\":%.3f,\"record_bytes\":%zu}\n",
              milliseconds.size(), 1000.0 * static_cast<double>(milliseconds.size()) / total,
              milliseconds[milliseconds.size() / 2], record.size());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_raw_journal: %s\n", error.what());
  return 1;
}
