// Every limit of the server in one place, the unit in the name.
// The numbers that a client can observe follow the protocol documentation (docs/api).
#pragma once

#include <cstddef>
#include <cstdint>

namespace muster::limits {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = kKiB * kKiB;

// Bulk bodies.
inline constexpr std::uint64_t kBodyBytesMax = 1ULL << 30;  // 1 GB = 2^30 bytes
inline constexpr std::size_t kBatchRecordsMax = 500;
inline constexpr std::size_t kCellBytesMax = 64 * kKiB;  // a longer known cell fails its record
inline constexpr std::size_t kColumnsMax = 200;          // header cells, keys of one JSON object
inline constexpr std::size_t kNestingDepthMax = 16;
inline constexpr std::size_t kJsonKeyBytesMax = 255;  // longer keys are cut
inline constexpr std::size_t kRecordErrorsMax = 50;   // further errors of one record are not listed
inline constexpr std::size_t kBatchErrorBytesMax = kMiB;  // then only the type of a record's first
inline constexpr std::size_t kAppLicensesMax = 100;       // application licenses of one user
inline constexpr std::size_t kGroupsMax = 1'000;          // every change of one writes them all
inline constexpr std::size_t kGroupMembersMax = 10'000;   // named ones
inline constexpr std::size_t kMessageTextBytesMax = 200;  // of a client's text quoted in a message

// Other bodies.
inline constexpr std::uint64_t kObjectRecordsBytesMax = 50 * kMiB;
inline constexpr std::uint64_t kLoginBytesMax = 16 * kKiB;  // held for strangers, so little
inline constexpr std::uint64_t kFormBytesMax = kMiB;
// A new user's picture, and the form around it (3.4).
inline constexpr std::uint64_t kPictureBytesMax = 10 * kMiB;
inline constexpr std::uint64_t kPictureFormBytesMax = kPictureBytesMax + kFormBytesMax;
// What all large forms may take together while they arrive.
inline constexpr std::size_t kHeldFormBytesMax = 64 * kMiB;
inline constexpr std::size_t kFormFieldsMax = 200;

// HTTP framing.
inline constexpr std::size_t kHeaderBytesMax = 64 * kKiB;
inline constexpr std::size_t kHeaderValueBytesMax = 8 * kKiB;
inline constexpr std::size_t kTargetBytesMax = 8 * kKiB;
inline constexpr std::size_t kHeaderFieldsMax = 100;
inline constexpr std::size_t kReadBufferBytesMax = 64 * kKiB;  // never more: see docs/adr/0004
inline constexpr std::size_t kBodyChunkBytes = 64 * kKiB;
inline constexpr std::size_t kConnectionsMax = 10'000;
inline constexpr std::int64_t kConnectionsPerAddressDefault = 1'000;
inline constexpr std::size_t kAnswerBytesMax = 256 * kMiB;  // that wait until clients read them
inline constexpr std::size_t kAnswerBytesPerClientMax = 32 * kMiB;
inline constexpr std::size_t kSmallAnswerBytes = 4 * kKiB;  // not counted
inline constexpr std::size_t kWorkerQueueMax = 1024;
inline constexpr std::size_t kPasswordQueueMax = 64;  // a hash takes tens of milliseconds of a core
inline constexpr std::size_t kPasswordsPerClientMax = 8;  // that wait or run

// Log lines that wait for the reader of standard error; of more, the oldest are dropped.
inline constexpr std::size_t kLogQueueBytesMax = 4 * kMiB;
inline constexpr std::int64_t kLogFlushMs = 1'000;  // how long the end of the process waits for it

// Time.
inline constexpr std::int64_t kHeaderTimeoutMs = 20'000;
inline constexpr std::int64_t kIdleTimeoutMs = 75'000;  // keep-alive, between requests
inline constexpr std::int64_t kReadTimeoutMs = 20'000;  // without a single byte of the body
inline constexpr std::int64_t kBodyBytesPerSecondMin = 500;
inline constexpr std::int64_t kWriteTimeoutMs = 30'000;
inline constexpr std::uint64_t kLingerBytesMax = 64 * kMiB;
inline constexpr std::int64_t kLingerTimeoutMs = 10'000;
inline constexpr std::int64_t kDrainTimeoutMs = 30'000;

// Accounts and sessions.
inline constexpr std::size_t kPasswordBytesMax = 256;
inline constexpr int kLoginFailuresMax = 5;
inline constexpr std::int64_t kLockoutMs = 30LL * 60 * 1000;
inline constexpr std::int64_t kSessionIdleMsDefault = 20LL * 60 * 1000;
inline constexpr std::int64_t kSessionLifeMsMax = 48LL * 3600 * 1000;
inline constexpr std::int64_t kSessionTouchMs =
    60'000;                                            // last activity is stored at most this often
inline constexpr int kLoginsPerMinute = 20;            // per user name and vault DNS
inline constexpr int kStrangerRowsPerMinute = 60;      // audit rows of unknown names per address
inline constexpr std::int64_t kLoginDelayMs = 500;     // from half of the logins per minute on
inline constexpr std::size_t kLoginNamesMax = 20'000;  // names counted at once
inline constexpr int kBurstLimitShown = 2000;          // what clients read while a limit is off
inline constexpr std::size_t kSweptSessionsMax = 1'000;  // expired sessions ended per transaction

// Calls that are sent again.
inline constexpr std::size_t kIdempotencyKeyBytesMax = 255;
inline constexpr std::int64_t kKeptAnswerMs = 24LL * 3600 * 1000;

// Reading.
inline constexpr std::int64_t kPageSizeDefault = 200;
inline constexpr std::int64_t kPageSizeMax = 1000;
inline constexpr std::int64_t kPageStartMax = 1'000'000'000;
inline constexpr std::size_t kVqlCharactersMax = 50'000;
inline constexpr std::size_t kVqlNestingMax = 32;      // parentheses
inline constexpr std::size_t kVqlConditionsMax = 200;  // comparisons of one query
inline constexpr std::size_t kVqlValuesMax = 5'000;    // of all its comparisons
inline constexpr std::size_t kVqlSortKeysMax = 10;
inline constexpr std::size_t kPageLinkBytesMax = 4 * kKiB;     // else the query is kept here
inline constexpr std::size_t kLongQueriesBytesMax = 8 * kMiB;  // of all kept queries
inline constexpr std::int64_t kLongQueryMs = 15LL * 60 * 1000;
inline constexpr std::size_t kReferenceIdBytesMax = 255;
inline constexpr std::size_t kClientIdBytesMax = 100;

// What an operator hands over.
inline constexpr std::uint64_t kConfigBytesMax = kMiB;
inline constexpr std::uint64_t kSeedBytesMax = 256 * kMiB;
inline constexpr std::int64_t kDemoUsersMax = 10'000'000;

}  // namespace muster::limits
