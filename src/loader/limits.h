// Every limit of the loader in one place, the unit in the name. Together they keep it below 64 MiB.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/limits.h"

namespace muster::loader::limits {

using muster::limits::kBatchRecordsMax;
using muster::limits::kColumnsMax;
using muster::limits::kKiB;
using muster::limits::kMiB;

inline constexpr std::size_t kReadBytes = 256 * kKiB;  // of the file at a time
inline constexpr std::size_t kRecordBytesMax = kMiB;   // a longer one lacks a closing quote
inline constexpr std::size_t kBatchBytesMax = kMiB;    // a batch ends before, or has one record
inline constexpr std::size_t kAnswerBytesMax = 16 * kMiB;
inline constexpr std::size_t kStateBytesMax = 64 * kMiB;
inline constexpr std::size_t kProblemsShownMax = 1'000;
inline constexpr unsigned kJobsMax = 32;
inline constexpr unsigned kBatchesAheadPerJob = 2;  // that wait for an earlier one to be written

inline constexpr std::int64_t kConnectTimeoutMs = 10'000;
inline constexpr std::int64_t kIoTimeoutMs = 120'000;  // without a byte from or to the server
inline constexpr std::int64_t kRetryFirstMs = 100;
inline constexpr std::int64_t kRetryMaxMs = 10'000;
inline constexpr int kRaceRoundsMax = 8;     // a record that loses so often has failed
inline constexpr int kLoginsPerCallMax = 2;  // a session that never holds is no session
inline constexpr std::int64_t kRedrawMs = 100;
inline constexpr std::int64_t kPlainLineMs = 5'000;
inline constexpr std::int64_t kRecentMs = 5'000;  // "the last seconds" of the rate

}  // namespace muster::loader::limits
