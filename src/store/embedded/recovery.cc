#include "store/embedded/recovery.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/embedded/checksum.h"
#include "store/embedded/copied_record.h"
#include "store/embedded/journal_replay.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/schema.h"
#include "store/embedded/steps.h"
#include "store/embedded/user_row.h"

namespace muster::store {
namespace {

using directory::User;
using directory::UserId;
using directory::UserPtr;

std::unexpected<Error> damaged(const std::string& what) {
  return fail(ErrorType::kUnexpectedError, "The data file is damaged: " + what + ".");
}

// The table's own structure, which row checksums do not cover.
Result<void> check_structure(Database& database, const std::string& table) {
  auto check = database.prepare("PRAGMA quick_check('" + table + "')");
  if (!check) return std::unexpected(check.error());
  const Result<bool> row = check->step();
  if (!row) return std::unexpected(row.error());
  if (*row && check->text(0) != "ok") return damaged(std::string(check->text(0)));
  return {};
}

// Calls read(statement) for each row of `sql`, whose first column names the row in messages and
// whose last column is the checksum of the texts between.
template <typename Read>
Result<void> for_each_row(Database& database, const std::string& table, const std::string& sql,
                          int texts, const Read& read) {
  if (auto done = check_structure(database, table); !done) return done;
  auto select = database.prepare(sql);
  if (!select) return std::unexpected(select.error());
  while (true) {
    const Result<bool> row = select->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return {};
    std::int64_t sum = checksum(select->text(0));
    for (int i = 1; i <= texts; ++i) sum = checksum(select->text(i), sum);
    if (sum != select->integer(texts + 1)) {
      return damaged(table + " row " + std::string(select->text(0)));
    }
    if (Result<void> done = read(*select); !done) return done;
  }
}

struct SnapshotMark {
  Sequence sequence = 0;
  std::int64_t users = 0;  // at least
};

Result<void> load_meta(Database& database, Recovery& recovery, SnapshotMark& snapshot) {
  const Result<std::string> text = read_meta(database, kMetaSnapshot);
  if (!text) return std::unexpected(text.error());
  simdjson::dom::parser parser;
  const auto read_numbers = [&](Json array) -> Result<void> {
    JsonRow numbers(array);
    snapshot.sequence = static_cast<Sequence>(numbers.integer());
    recovery.state.next_user_id = read_id<UserId>(numbers.integer());
    snapshot.users = numbers.integer();
    return {};
  };
  if (auto done = parse_json(parser, *text, "snapshot mark", read_numbers); !done) return done;

  const Result<std::string> domain = read_meta(database, kMetaDomain);
  if (!domain) return std::unexpected(domain.error());
  recovery.state.domain = std::make_shared<const directory::Domain>();
  if (domain->empty()) return {};
  return parse_json(parser, *domain, "domain", [&](Json object) -> Result<void> {
    recovery.state.domain = std::make_shared<const directory::Domain>(read_domain(object));
    return {};
  });
}

// Rows of users are too many for quick_check: their checksums and their number, with which the
// snapshot was completed, tell as much.
Result<void> load_users(Database& database, std::int64_t count_min, RecoveredState& state) {
  auto select = database.prepare("SELECT id, checksum, user FROM user_snapshot ORDER BY id");
  if (!select) return std::unexpected(select.error());
  state.users.reserve(static_cast<std::size_t>(count_min));
  simdjson::dom::parser parser;
  UserId last;
  while (true) {
    const Result<bool> has_row = select->step();
    if (!has_row) return std::unexpected(has_row.error());
    if (!*has_row) break;
    const auto id = static_cast<std::int32_t>(select->integer(0));
    const std::string place = "user_snapshot row " + std::to_string(id);
    const std::string_view text = select->text(2);
    if (UserId{id} <= last || checksum(text, checksum(std::to_string(id))) != select->integer(1)) {
      return damaged(place);
    }
    last = UserId{id};
    auto user = std::make_shared<User>();
    user->id = last;
    const auto read = [&](Json row) { return read_user(row, *state.domain, *user); };
    if (auto done = parse_json(parser, text, place, read); !done) {
      return done.error().type == ErrorType::kUnexpectedError
                 ? done
                 : Result<void>(damaged(place + ": " + done.error().message));
    }
    state.users[last] = std::move(user);
  }
  if (std::ssize(state.users) >= count_min) return {};
  return damaged("user_snapshot: rows are missing, " + std::to_string(count_min) + " were written");
}

Result<void> load_accounts(Database& database, RecoveredState& state) {
  simdjson::dom::parser parser;
  const auto load_session = [&](Statement& row) {
    return parse_json(parser, row.text(1), "session", [&](Json json) -> Result<void> {
      const directory::Session session = read_session(json);
      state.sessions[session.id_hash] = session;
      return {};
    });
  };
  const auto load_credential = [&](Statement& row) {
    return parse_json(parser, row.text(1), "credential", [&](Json json) -> Result<void> {
      auto [id, credential] = read_credential(json);
      state.credentials[id] = std::make_shared<const directory::Credential>(std::move(credential));
      return {};
    });
  };
  return in_order(
      [&] {
        return for_each_row(database, "session_snapshot",
                            "SELECT id_hash, session, checksum FROM session_snapshot", 1,
                            load_session);
      },
      [&] {
        return for_each_row(database, "credential_snapshot",
                            "SELECT id, credential, checksum FROM credential_snapshot", 1,
                            load_credential);
      });
}

// The row the snapshot began after: the chain of checksums starts from it.
Result<void> load_start(Database& database, Sequence snapshot, JournalEnd& end) {
  if (snapshot == 0) return {};
  auto select = database.prepare(
      "SELECT checksum, domain_first + domain_rows, chain FROM journal WHERE seq = ?1");
  if (!select) return std::unexpected(select.error());
  select->bind(1, static_cast<std::int64_t>(snapshot));
  const Result<bool> row = select->step();
  if (!row) return std::unexpected(row.error());
  if (!*row) return damaged("journal row " + std::to_string(snapshot) + " is missing");
  end = {snapshot, select->integer(0), select->integer(1), read_digest(select->text(2))};
  return {};
}

Result<void> replay_journal(Database& database, Recovery& recovery) {
  auto select = database.prepare(
      "SELECT seq, at, domain_rows, domain_first, checksum, record, secret, chain FROM journal "
      "WHERE seq > ?1 ORDER BY seq");
  if (!select) return std::unexpected(select.error());
  JournalEnd& end = recovery.end;
  select->bind(1, static_cast<std::int64_t>(end.sequence));
  JournalReplay replay;
  while (true) {
    const Result<bool> has_row = select->step();
    if (!has_row) return std::unexpected(has_row.error());
    if (!*has_row) return {};
    const JournalRow row{.sequence = static_cast<Sequence>(select->integer(0)),
                         .at = timestamp(select->integer(1)),
                         .domain_rows = select->integer(2),
                         .domain_first = select->integer(3),
                         .record = select->text(5),
                         .secret = select->text(6)};
    end.checksum = journal_checksum(end.checksum, row);
    if (row.sequence != end.sequence + 1) {
      return damaged("journal row " + std::to_string(end.sequence + 1) + " is missing");
    }
    if (end.checksum != select->integer(4) || !follows(row, end.domain_next)) {
      return damaged("journal row " + std::to_string(row.sequence) + ": wrong checksum");
    }
    if (auto done = replay.apply(row, recovery.state); !done) return done;
    end.sequence = row.sequence;
    end.domain_next = row.domain_first + row.domain_rows;
    end.chain = read_digest(select->text(7));
  }
}

}  // namespace

Result<Recovery> recover(Database& database) {
  Recovery recovery;
  SnapshotMark snapshot;
  const Result<void> done =
      in_order([&] { return load_meta(database, recovery, snapshot); },
               [&] { return load_users(database, snapshot.users, recovery.state); },
               [&] { return load_accounts(database, recovery.state); },
               [&] { return load_start(database, snapshot.sequence, recovery.end); },
               [&] { return replay_journal(database, recovery); });
  if (!done) return std::unexpected(done.error());
  recovery.state.dirty.sequence = recovery.end.sequence;
  recovery.state.dirty.user_count = std::ssize(recovery.state.users);
  return recovery;
}

void publish(RecoveredState& state, MemoryImage& image) {
  Changes changes;
  changes.domain = state.domain;
  for (const auto& [id_hash, session] : state.sessions) {
    changes.layer.sessions[id_hash] = {session, 0};
  }
  for (const auto& [id, credential] : state.credentials) {
    changes.layer.credentials[id] = {credential, 0};
  }
  if (state.next_user_id > image.next_user_id()) changes.next_user_id = state.next_user_id;
  std::vector<UserPtr> users;
  users.reserve(state.users.size());
  for (auto& [id, user] : state.users) users.push_back(std::move(user));
  state.users = {};
  image.load(std::move(users));
  image.apply(changes);
}

}  // namespace muster::store
