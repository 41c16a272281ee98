#include "store/embedded/snapshot_writer.h"

#include <algorithm>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "store/embedded/checksum.h"
#include "store/embedded/json_text.h"
#include "store/embedded/row_text.h"
#include "store/embedded/schema.h"
#include "store/embedded/steps.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::Digest;
using directory::UserId;
using directory::UserPtr;

// A chunk of users takes about 1 ms.
constexpr std::size_t kChunkRows = 256;

enum StatementIndex : std::uint8_t {
  kPutUser,
  kPutSession,
  kDropSession,
  kPutCredential,
};

// Calls work(part) for parts of at most kChunkRows keys.
template <typename Key, typename Work>
Result<void> in_chunks(const std::vector<Key>& keys, const Work& work) {
  for (std::size_t begin = 0; begin < keys.size(); begin += kChunkRows) {
    const std::size_t count = std::min(kChunkRows, keys.size() - begin);
    if (Result<void> done = work(std::span(keys).subspan(begin, count)); !done) return done;
  }
  return {};
}

}  // namespace

Result<SnapshotWriter> SnapshotWriter::create(Database& database, const SharedImage& shared,
                                              DiskTurn& disk) {
  SnapshotWriter writer(database, shared, disk);
  for (const std::string& sql :
       {std::string("INSERT OR REPLACE INTO user_snapshot VALUES (?1, ?2, ?3)"),
        std::string("INSERT OR REPLACE INTO session_snapshot VALUES (?1, ?2, ?3)"),
        std::string("DELETE FROM session_snapshot WHERE id_hash = ?1"),
        std::string("INSERT OR REPLACE INTO credential_snapshot VALUES (?1, ?2, ?3)")}) {
    Result<Statement> statement = database.prepare(sql);
    if (!statement) return std::unexpected(statement.error());
    writer.statements_.push_back(std::move(*statement));
  }
  return writer;
}

SnapshotWriter::SnapshotWriter(Database& database, const SharedImage& shared, DiskTurn& disk)
    : database_(&database), shared_(&shared), disk_(&disk) {}

Result<void> SnapshotWriter::write(const DirtyKeys& dirty) {
  return in_order([&] { return write_users(dirty); }, [&] { return write_sessions(dirty); },
                  [&] { return write_credentials(dirty); }, [&] { return write_mark(dirty); });
}

template <typename Work>
Result<void> SnapshotWriter::chunk(const Work& work) {
  return disk_->use([&]() -> Result<void> {
    Result<DatabaseTransaction> transaction = DatabaseTransaction::begin(*database_);
    if (!transaction) return std::unexpected(transaction.error());
    if (Result<void> done = work(); !done) return done;
    return transaction->commit();
  });
}

Result<void> SnapshotWriter::write_users(const DirtyKeys& dirty) {
  std::vector<UserId> ids(dirty.users.begin(), dirty.users.end());
  std::ranges::sort(ids);  // neighbours share a page
  return in_chunks(ids, [&](std::span<const UserId> part) {
    std::vector<UserPtr> users;
    directory::DomainPtr domain;
    {
      const std::shared_lock lock(shared_->mutex);
      domain = shared_->image.domain();
      for (const UserId id : part) users.push_back(shared_->image.find_user(id));
    }
    return chunk([&]() -> Result<void> {
      // Users name profiles of their domain, so it is in the file no later than they are.
      if (domain != written_domain_) {
        std::string text;
        append_domain(text, *domain);
        if (auto done = write_meta(*database_, kMetaDomain, text); !done) return done;
      }
      for (const UserPtr& user : users) {
        if (auto done = write_user(*user, *domain); !done) return done;
      }
      written_domain_ = domain;
      return {};
    });
  });
}

Result<void> SnapshotWriter::write_user(const directory::User& user,
                                        const directory::Domain& domain) {
  Statement& put = statements_[kPutUser];
  row_.clear();
  append_user(row_, user, domain);
  put.bind(1, user.id.value);
  put.bind(2, checksum(row_, checksum(to_string(user.id))));
  put.bind(3, row_);
  return put.run();
}

Result<void> SnapshotWriter::write_sessions(const DirtyKeys& dirty) {
  const std::vector<Digest> hashes(dirty.sessions.begin(), dirty.sessions.end());
  return in_chunks(hashes, [&](std::span<const Digest> part) {
    std::vector<std::pair<std::string, std::string>> rows;  // no text: ended
    {
      const std::shared_lock lock(shared_->mutex);
      for (const Digest& id_hash : part) {
        auto& [key, text] = rows.emplace_back(digest_text(id_hash), "");
        const directory::Session* session = shared_->image.find_session(id_hash);
        if (session != nullptr) append_session(text, *session);
      }
    }
    return chunk([&]() -> Result<void> {
      for (const auto& [key, text] : rows) {
        Statement& statement = statements_[text.empty() ? kDropSession : kPutSession];
        statement.bind(1, key);
        if (!text.empty()) {
          statement.bind(2, text);
          statement.bind(3, checksum(text, checksum(key)));
        }
        if (auto done = statement.run(); !done) return done;
      }
      return {};
    });
  });
}

Result<void> SnapshotWriter::write_credentials(const DirtyKeys& dirty) {
  std::vector<UserId> ids(dirty.credentials.begin(), dirty.credentials.end());
  std::ranges::sort(ids);
  return in_chunks(ids, [&](std::span<const UserId> part) {
    std::vector<CredentialPtr> credentials;
    {
      const std::shared_lock lock(shared_->mutex);
      for (const UserId id : part) credentials.push_back(shared_->image.find_credential(id));
    }
    return chunk([&]() -> Result<void> {
      Statement& put = statements_[kPutCredential];
      for (std::size_t i = 0; i < part.size(); ++i) {
        std::string text;
        append_credential(text, part[i], *credentials[i]);
        put.bind(1, part[i].value);
        put.bind(2, text);
        put.bind(3, checksum(text, checksum(to_string(part[i]))));
        if (auto done = put.run(); !done) return done;
      }
      return {};
    });
  });
}

Result<void> SnapshotWriter::write_mark(const DirtyKeys& dirty) {
  std::string mark = "[";
  append_integer(mark, static_cast<std::int64_t>(dirty.sequence));
  directory::DomainPtr domain;
  {
    const std::shared_lock lock(shared_->mutex);
    mark += ',';
    append_integer(mark, shared_->image.next_user_id().value);
    domain = shared_->image.domain();
  }
  mark += ',';
  append_integer(mark, dirty.user_count);
  mark += ']';
  std::string text;
  append_domain(text, *domain);
  Result<void> done = chunk([&] {
    return in_order([&] { return write_meta(*database_, kMetaDomain, text); },
                    [&] { return write_meta(*database_, kMetaSnapshot, mark); });
  });
  if (done) written_domain_ = domain;
  return done;
}

}  // namespace muster::store
