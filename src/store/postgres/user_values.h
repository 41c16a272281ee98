// The values of a user as SQL expressions over users.data, the JSON text of embedded/user_row.h,
// and the columns beside it; and the parameters that the statement made of them needs.
//
//   UserValues values(vault, domain, domain_id);
//   const std::string title = values.text(FieldId::kTitle);
//   const std::string sql = "SELECT u.id FROM " + values.source() + " WHERE u.domain_id = $1 AND "
//   +
//                           title + " = " + values.parameter("Clerk");
//
// $1 is the domain. For one statement and one thread; keeps a reference to the domain.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "directory/domain.h"
#include "directory/field.h"
#include "directory/ids.h"
#include "store/postgres/parameters.h"

namespace muster::store {

class UserValues {
 public:
  // Membership fields are those of `vault`.
  UserValues(directory::VaultId vault, const directory::Domain& domain, std::int64_t domain_id);

  // Their order is that of bytes. '' when not set; the folded one, in lower case, may be NULL, too.
  // REQUIRES: is_text(field).
  [[nodiscard]] std::string text(directory::FieldId field);
  [[nodiscard]] std::string folded_text(directory::FieldId field);
  [[nodiscard]] std::string full_name();
  // By name; '' without a membership.
  [[nodiscard]] std::string license();
  [[nodiscard]] std::string profile();
  // As directory::number_of(): NULL when not set, "" for a field that has no number.
  [[nodiscard]] std::string number(directory::FieldId field);
  // What FROM takes, so that all expressions made so far mean something: `u` is the user.
  [[nodiscard]] std::string source() const;

  [[nodiscard]] std::string parameter(std::int64_t value);
  [[nodiscard]] std::string parameter(std::string_view value);
  [[nodiscard]] std::string parameter(std::span<const std::int64_t> values);
  [[nodiscard]] std::string parameter(std::span<const std::string> values);
  // Whether PostgreSQL can hold every text among them.
  [[nodiscard]] bool are_storable() const { return are_storable_; }
  [[nodiscard]] Parameters take_parameters() { return std::move(parameters_); }

 private:
  // The one that was added last.
  [[nodiscard]] std::string last_parameter(std::string_view type) const;
  [[nodiscard]] std::string stored(directory::FieldId field);
  [[nodiscard]] std::string membership_part(int part);

  const directory::VaultId vault_;
  const directory::Domain& domain_;
  Parameters parameters_;
  bool are_storable_ = true;
  std::map<std::string, std::string> taken_;  // of the data: column of `f` and its expression
};

}  // namespace muster::store
