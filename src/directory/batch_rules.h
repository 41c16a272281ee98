// What the records of a bulk call ask for: change users, create them, or either (protocol sections
// 2, 3.5 and 3.6). One reader, one plan and one judgement serve all three. Plain data.
#pragma once

#include <cstdint>

#include "directory/field.h"
#include "directory/field_names.h"

namespace muster::directory {

enum class BatchOperation : std::uint8_t {
  kUpdate,  // the user must exist
  kCreate,  // a name that exists joins vaults, nothing else
  kUpsert,  // found: update, else create
};

// What an empty value of an optional field does to an existing user (2.5): update clears, upsert
// keeps.
enum class BlankCell : std::uint8_t { kClear, kKeep };

// The membership of a new user whose record has no vault_membership.
enum class DefaultMembership : std::uint8_t {
  kNone,           // domain=true
  kWhenDescribed,  // session vault when the record says a profile, a license or active__v
  kSessionVault,
};

struct BatchRules {
  BatchOperation operation = BatchOperation::kUpdate;
  FieldId key = FieldId::kId;  // finds the user of a record: kId, kUserName or kFederatedId
  BlankCell blank = BlankCell::kClear;
  DefaultMembership default_membership = DefaultMembership::kWhenDescribed;
  // One user that the URL names (3.7): security_profile__v is set, not compared; everybody may
  // change some fields of the own account; an unknown id is kUserNotFound.
  bool single = false;
  // The rights in the vault that is joined decide, whoever joins it (3.10); creates do so anyway.
  bool any_account = false;
  const FieldNames* names = &kUserNames;
  // Whether only members of the session's vault exist: object records are those of one vault.
  bool members_only = false;

  // Whether security_profile__v of a user that exists is set; otherwise it is compared only, since
  // a batch says it by vault_membership (2.7).
  [[nodiscard]] bool sets_profile() const { return single || members_only; }
  [[nodiscard]] bool creates() const { return operation != BatchOperation::kUpdate; }
};

}  // namespace muster::directory
