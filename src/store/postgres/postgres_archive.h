// A domain of a database as source and as target of a copy (store/archive.h).
//
//   auto source = PostgresSource::open({.conninfo = url, .domain = 2});
//   auto target = PostgresTarget::open({.conninfo = url});
//
// A source is read in one snapshot: what servers write meanwhile stays out of it. A target holds
// the lock of who fills the database, and its settings begin with the copy's mark, by which servers
// know that it is not theirs to fill. `domain` of a target: the number of a domain that is not
// there yet; 0: the first one, of an empty database.
//
// One thread. Errors: kUnexpectedError with what the database said; kOperationNotAllowed for a
// target that is none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "directory/store.h"
#include "store/archive.h"
#include "store/postgres/archive_reader.h"
#include "store/postgres/connection_pool.h"
#include "store/postgres/id_blocks.h"
#include "store/postgres/postgres_store.h"
#include "store/postgres/postgres_transaction.h"
#include "store/postgres/trail_numbers.h"

namespace muster::store {

class PostgresSource final : public ArchiveSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<PostgresSource>> open(const PostgresOptions& options);

  Result<ArchiveHead> head() override { return reader_.head(); }
  Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit) override {
    return reader_.read(after, limit);
  }

 private:
  PostgresSource(Connection connection, std::int64_t domain_id)
      : connection_(std::move(connection)), reader_(connection_, domain_id) {}

  Connection connection_;
  PostgresArchiveReader reader_;
};

class PostgresTarget final : public ArchiveTarget {
 public:
  // Makes or migrates the tables.
  [[nodiscard]] static Result<std::unique_ptr<PostgresTarget>> open(const PostgresOptions& options);

  Result<ArchivePlace> begin(const ArchiveHead& head, const std::string& content) override;
  Result<void> write(const ArchivePiece& piece, const ArchivePlace& place) override;
  Result<void> complete() override;
  Result<void> mark_initialised() override;
  Result<ArchiveHead> head() override { return reader_.head(); }
  Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit) override {
    return reader_.read(after, limit);
  }
  [[nodiscard]] std::int64_t domain() const { return domain_id_; }

 private:
  PostgresTarget(const PostgresOptions& options, Connection connection, std::int64_t domain_id,
                 std::string mark);

  [[nodiscard]] Parameters parameters() const { return Parameters().integer(domain_id_); }
  void send_mark(const ArchivePlace& place);
  [[nodiscard]] Result<void> end(Result<void> done);

  // Users and what belongs to them go the way of every transaction, without its audit rows.
  Result<void> put_rows(PostgresTransaction& tx, const std::vector<directory::UserPtr>& users);
  Result<void> put_rows(PostgresTransaction& tx, const std::vector<OwnedCredential>& rows);
  Result<void> put_rows(PostgresTransaction& tx, const std::vector<directory::Session>& sessions);
  Result<void> put_rows(PostgresTransaction& tx, const std::vector<directory::KeptAnswer>& answers);
  // These keep the ids they have.
  Result<void> put_rows(PostgresTransaction& tx, const std::vector<directory::Batch>& batches);
  Result<void> put_rows(PostgresTransaction& tx,
                        const std::vector<directory::DomainAuditRow>& rows);
  Result<void> put_rows(PostgresTransaction& tx, const std::vector<directory::LoginAuditRow>& rows);

  Connection connection_;  // with the lock
  ConnectionPool aside_;   // for ids and numbers
  IdBlocks ids_;
  TrailNumbers numbers_;
  const std::int64_t domain_id_;
  DomainCache domains_;
  PostgresArchiveReader reader_;
  const std::string found_mark_;  // of an earlier run; empty: there was none
  std::string content_;
  std::string settings_;  // of the source
};

}  // namespace muster::store
