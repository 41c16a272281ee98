// The rows of a domain in a database, in the order of their keys (store/archive.h).
//
// One thread; the connection outlives it. Errors: kUnexpectedError with what the database said.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "store/archive.h"
#include "store/postgres/connection.h"
#include "store/postgres/rows.h"

namespace muster::store {

// For the operator.
[[nodiscard]] std::unexpected<Error> told(const DatabaseError& error);

class PostgresArchiveReader {
 public:
  PostgresArchiveReader(Connection& connection, std::int64_t domain_id)
      : connection_(&connection), domain_id_(domain_id) {}

  [[nodiscard]] Result<ArchiveHead> head();
  // Of the domain trail a piece ends with the rows of a call.
  [[nodiscard]] Result<ArchivePiece> read(const ArchivePlace& after, std::size_t limit);

 private:
  template <typename Key>
  Result<Rows> ask_after(std::string_view columns, const std::string& table, const std::string& key,
                         Key after, std::size_t limit);
  Result<std::vector<directory::UserPtr>> users(std::int64_t after, std::size_t limit);
  Result<std::vector<OwnedCredential>> credentials(std::int64_t after, std::size_t limit);
  Result<std::vector<directory::Session>> sessions(std::string_view after, std::size_t limit);
  Result<std::vector<directory::Batch>> batches(std::string_view after, std::size_t limit);
  Result<std::vector<directory::DomainAuditRow>> trail(std::int64_t after, std::size_t limit);
  Result<Rows> rest_of_call(const directory::DomainAuditRow& last);
  Result<std::vector<directory::LoginAuditRow>> logins(std::int64_t after, std::size_t limit);
  Result<std::vector<directory::KeptAnswer>> answers(std::string_view after, std::size_t limit);

  Connection* connection_;
  const std::int64_t domain_id_;
  directory::DomainPtr domain_;  // read once
  UserRows user_rows_;
};

}  // namespace muster::store
