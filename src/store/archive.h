// A whole domain of a store as a stream of rows, to be copied into another store or to be compared
// with it: beside the port, which has no question for "all sessions" and gives ids of its own.
//
//   ArchivePlace place;                                     // before the first row
//   while (...) {
//     Result<ArchivePiece> piece = source.read(place, 500);  // the next rows of place.section
//     place.key = last_key(*piece);
//   }
//
// Rows are the port's own values. Each kind is a section; within it rows come in the order of their
// keys, which is the order of the bytes for texts. What a store derives (memberships beside the
// user, indexes) is no row.
//
// For one thread. Errors: kUnexpectedError.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "directory/audit.h"
#include "directory/batch_log.h"
#include "directory/domain.h"
#include "directory/session.h"
#include "directory/user.h"

namespace muster::store {

struct OwnedCredential {
  directory::UserId id;
  directory::Credential credential;
};

// Rows of one section: by user id, user id, hash, batch id, row id, row id, key. Batches come
// before the rows of the domain trail, which belong to them.
using ArchivePiece =
    std::variant<std::vector<directory::UserPtr>, std::vector<OwnedCredential>,
                 std::vector<directory::Session>, std::vector<directory::Batch>,
                 std::vector<directory::DomainAuditRow>, std::vector<directory::LoginAuditRow>,
                 std::vector<directory::KeptAnswer>>;

inline constexpr std::size_t kArchiveSections = std::variant_size_v<ArchivePiece>;

// As the alternatives of ArchivePiece.
enum class ArchiveSection : std::uint8_t {
  kUsers,
  kCredentials,
  kSessions,
  kBatches,
  kDomainAudit,
  kLoginAudit,
  kAnswers,
};

inline constexpr std::array<std::string_view, kArchiveSections> kSectionNames{
    "users", "credentials", "sessions", "batches", "domain audit", "login audit", "kept answers",
};

// All rows of earlier sections, and those of this one up to a key.
struct ArchivePlace {
  ArchiveSection section = ArchiveSection::kUsers;
  std::string key;  // empty: none of them

  friend bool operator==(const ArchivePlace&, const ArchivePlace&) = default;
};

struct ArchiveHead {
  directory::DomainPtr domain;
  directory::UserId next_user_id;  // the smallest that was never given
};

class ArchiveSource {
 public:
  virtual ~ArchiveSource() = default;
  [[nodiscard]] virtual Result<ArchiveHead> head() = 0;
  // The next rows, about `limit` of them; none: the section ends here.
  [[nodiscard]] virtual Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit) = 0;
};

// An empty store, or one with a part of the same copy. Until mark_initialised() no server takes it.
// What was written can be read, once complete() was called.
class ArchiveTarget : public ArchiveSource {
 public:
  // Where to go on. `content`: hash of the source, in hex. Errors: also kOperationNotAllowed for a
  // target that has data, or a part of another copy.
  [[nodiscard]] virtual Result<ArchivePlace> begin(const ArchiveHead& head,
                                                   const std::string& content) = 0;
  // The rows and up to where the copy has come, durable together.
  [[nodiscard]] virtual Result<void> write(const ArchivePiece& piece,
                                           const ArchivePlace& place) = 0;
  // The counters and whatever else is due once all rows are there.
  [[nodiscard]] virtual Result<void> complete() = 0;
  [[nodiscard]] virtual Result<void> mark_initialised() = 0;
};

// Key of the last row. REQUIRES: not empty.
[[nodiscard]] std::string last_key(const ArchivePiece& piece);
[[nodiscard]] std::size_t size_of(const ArchivePiece& piece);

// A line of text a row, the same for the same content whatever store it comes from. Where a text
// holds what PostgreSQL cannot keep (parameters.h), it is shown as PostgreSQL would keep it.
void append_canonical(std::string& out, const ArchiveHead& head);
void append_canonical(std::string& out, const ArchivePiece& piece, const directory::Domain& domain);

// What a target keeps while it is no store yet: "copy of {content} {section} {key}", one line.
struct CopyMark {
  std::string content;
  ArchivePlace place;
};
inline constexpr std::string_view kCopyMark = "copy of ";
[[nodiscard]] std::string mark_text(const CopyMark& mark);
// nullopt: not such a text.
[[nodiscard]] std::optional<CopyMark> parse_mark(std::string_view text);

}  // namespace muster::store
