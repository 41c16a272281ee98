#include "store/embedded/verify.h"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "directory/user_diff.h"
#include "store/embedded/audit_chain.h"
#include "store/embedded/copied_record.h"
#include "store/embedded/journal.h"
#include "store/embedded/journal_replay.h"
#include "store/embedded/login_text.h"
#include "store/embedded/recovery.h"
#include "store/embedded/row_reader.h"
#include "store/embedded/row_text.h"
#include "store/embedded/schema.h"
#include "store/embedded/steps.h"

namespace muster::store {
namespace {

using directory::LoginAuditRow;

std::unexpected<Error> broken(const std::string& what) {
  return fail(ErrorType::kUnexpectedError, "The data file is damaged: " + what + ".");
}

std::unexpected<Error> broken_row(Sequence sequence, const std::string& why) {
  return broken("journal row " + std::to_string(sequence) + ": " + why);
}

Result<void> check_structure(Database& database) {
  auto check = database.prepare("PRAGMA integrity_check(1)");
  if (!check) return std::unexpected(check.error());
  const Result<bool> row = check->step();
  if (!row) return std::unexpected(row.error());
  const std::string verdict(*row ? check->text(0) : "no answer");
  check->reset();
  return verdict == "ok" ? Result<void>() : broken(verdict);
}

Result<void> check_schema(Database& database) {
  const auto version = database.query_integer("PRAGMA user_version");
  if (!version) return std::unexpected(version.error());
  if (*version == kSchemaVersion) return {};
  return fail(ErrorType::kUnexpectedError, "The file has schema " + std::to_string(*version) +
                                               ", this program reads " +
                                               std::to_string(kSchemaVersion) + ".");
}

// The login rows in the order of the journal, those of one of its rows at a time.
class LoginRows {
 public:
  static Result<LoginRows> open(Database& database) {
    auto select =
        database.prepare("SELECT seq, " + std::string(kLoginColumns) + " FROM login ORDER BY id");
    if (!select) return std::unexpected(select.error());
    LoginRows rows(std::move(*select));
    if (auto done = rows.advance(); !done) return std::unexpected(done.error());
    return rows;
  }

  Result<std::vector<LoginAuditRow>> take(Sequence sequence) {
    std::vector<LoginAuditRow> rows;
    while (at_row_ && static_cast<Sequence>(select_.integer(0)) == sequence) {
      rows.push_back(read_login(select_, 1));
      ++count_;
      if (auto done = advance(); !done) return std::unexpected(done.error());
    }
    return rows;
  }

  [[nodiscard]] std::int64_t count() const { return count_; }
  // Rows that belong to no journal row, or to one that stands before them.
  [[nodiscard]] bool left_over() const { return at_row_; }

 private:
  explicit LoginRows(Statement select) : select_(std::move(select)) {}

  Result<void> advance() {
    const Result<bool> row = select_.step();
    if (!row) return std::unexpected(row.error());
    at_row_ = *row;
    return {};
  }

  Statement select_;
  bool at_row_ = false;
  std::int64_t count_ = 0;
};

// A head of the chain that was noted before.
struct NotedHead {
  Sequence sequence;
  std::string hash;
};

Result<std::optional<NotedHead>> read_noted_head(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const std::size_t colon = text.find(':');
  const auto sequence = parse_digits<Sequence>(text.substr(0, colon));
  if (colon == text.npos || !sequence || text.size() - colon - 1 != 2 * sizeof(directory::Digest)) {
    return fail(ErrorType::kInvalidData,
                "A head of the audit chain is a row and a hash, as `muster verify` prints it.");
  }
  return NotedHead{.sequence = *sequence, .hash = std::string(text.substr(colon + 1))};
}

// Follows the journal from its first row and builds the directory anew on the way.
class JournalWalk {
 public:
  explicit JournalWalk(std::optional<NotedHead> noted) : noted_(std::move(noted)) {}

  Result<void> run(Database& database, VerifyReport& report) {
    auto logins = LoginRows::open(database);
    if (!logins) return std::unexpected(logins.error());
    auto select = database.prepare(
        "SELECT seq, at, domain_rows, domain_first, checksum, record, secret, chain FROM journal "
        "ORDER BY seq");
    if (!select) return std::unexpected(select.error());
    state_.domain = std::make_shared<const directory::Domain>();
    while (true) {
      const Result<bool> has_row = select->step();
      if (!has_row) return std::unexpected(has_row.error());
      if (!*has_row) break;
      if (auto done = see(*select, *logins); !done) return done;
    }
    if (noted_ && noted_->sequence > end_.sequence) {
      return broken("the journal ends at row " + std::to_string(end_.sequence) +
                    ", before the noted head");
    }
    if (logins->left_over()) return broken("the login trail has rows of no transaction");
    report.journal_rows = end_.sequence;
    report.domain_rows = domain_rows_;
    report.login_rows = logins->count();
    report.head = end_.chain;
    return {};
  }

  [[nodiscard]] const RecoveredState& state() const { return state_; }

 private:
  Result<void> see(Statement& columns, LoginRows& logins) {
    const JournalRow row{.sequence = static_cast<Sequence>(columns.integer(0)),
                         .at = timestamp(columns.integer(1)),
                         .domain_rows = columns.integer(2),
                         .domain_first = columns.integer(3),
                         .record = columns.text(5),
                         .secret = columns.text(6)};
    if (row.sequence != end_.sequence + 1) return broken_row(end_.sequence + 1, "missing");
    auto of_row = logins.take(row.sequence);
    if (!of_row) return std::unexpected(of_row.error());
    end_.chain = chain_digest(end_.chain, content_digest(row, *of_row), row.domain_first);
    if (digest_text(end_.chain) != columns.text(7)) {
      return broken_row(row.sequence, "the audit chain is broken here");
    }
    if (noted_ && noted_->sequence == row.sequence && noted_->hash != columns.text(7)) {
      return broken_row(row.sequence, "the audit chain is not the one whose head was noted");
    }
    end_.checksum = journal_checksum(end_.checksum, row);
    if (end_.checksum != columns.integer(4) || !follows(row, end_.domain_next)) {
      return broken_row(row.sequence, "wrong checksum");
    }
    end_.sequence = row.sequence;
    end_.domain_next = row.domain_first + row.domain_rows;
    domain_rows_ += row.domain_rows;
    return replay_.apply(row, state_);
  }

  const std::optional<NotedHead> noted_;
  JournalEnd end_;
  std::int64_t domain_rows_ = 0;
  RecoveredState state_;
  JournalReplay replay_;
};

bool same(const directory::User& a, const directory::User& b, const directory::Domain& domain) {
  bool differs = a.created_by != b.created_by || a.created_date != b.created_date ||
                 a.modified_by != b.modified_by || a.modified_date != b.modified_date ||
                 a.last_login != b.last_login;
  directory::diff_users(&a, b, domain, [&](directory::FieldId, std::string_view, std::string_view) {
    differs = true;
  });
  return !differs;
}

// What a start would make of the file is what the journal makes from nothing.
Result<void> compare(const RecoveredState& started, const RecoveredState& journal) {
  for (const auto& [id, user] : started.users) {
    const auto found = journal.users.find(id);
    if (found == journal.users.end() || !same(*user, *found->second, *journal.domain)) {
      return broken("user " + to_string(id) + " is not as the journal has it");
    }
  }
  for (const auto& [id, user] : journal.users) {
    if (!started.users.contains(id)) return broken("user " + to_string(id) + " is missing");
  }
  if (started.credentials.size() != journal.credentials.size()) {
    return broken("credentials are not as the journal has them");
  }
  for (const auto& [id, credential] : started.credentials) {
    const auto found = journal.credentials.find(id);
    if (found == journal.credentials.end() || *found->second != *credential) {
      return broken("the credential of user " + to_string(id) + " is not as the journal has it");
    }
  }
  return {};
}

Result<void> check_directory(Database& database, const RecoveredState& journal,
                             VerifyReport& report) {
  const Result<Recovery> started = recover(database);
  if (!started) return std::unexpected(started.error());
  report.users = std::ssize(started->state.users);
  return compare(started->state, journal);
}

}  // namespace

Result<VerifyReport> verify(const std::filesystem::path& file, std::string_view noted_head) {
  auto noted = read_noted_head(noted_head);
  if (!noted) return std::unexpected(noted.error());
  if (!std::filesystem::exists(file)) {
    return fail(ErrorType::kUnexpectedError, file.string() + ": there is no such file");
  }
  Result<Database> database = Database::open(file.string(), "");
  if (!database) return std::unexpected(database.error());
  VerifyReport report;
  JournalWalk walk(*std::move(noted));
  const Result<void> whole =
      in_order([&] { return database->execute("BEGIN"); },  // one moment for all that follows
               [&] { return check_schema(*database); }, [&] { return check_structure(*database); },
               [&] { return walk.run(*database, report); },
               [&] { return check_directory(*database, walk.state(), report); },
               [&] { return database->execute("COMMIT"); });
  if (!whole) return std::unexpected(whole.error());
  return report;
}

}  // namespace muster::store
