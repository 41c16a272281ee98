// A user as answers show it (protocol section 3.3): the field order of the vendor's sample,
// unset fields left out, profile, license and active flag of the session's vault.
//
//   UserObjects objects(caller, {.memberships = true});
//   objects.write(json, *user);   // {"user":{"user_name__v":"...",...}}
//
// One per answer; keeps a reference to the caller, which outlives it.
#pragma once

#include "codec/json_writer.h"
#include "directory/caller.h"
#include "directory/user.h"

namespace muster::vault_api {

// What is shown only on request.
struct UserExtras {
  bool memberships = false;            // vault_membership
  bool app_licensing = false;          // app_licensing
  directory::UserId delegate_user_id;  // who acts for the user; 0 = nobody
};

class UserObjects {
 public:
  UserObjects(const directory::Caller& caller, UserExtras extras);

  void write(codec::JsonWriter& json, const directory::User& user) const;

 private:
  void write_field(codec::JsonWriter& json, const directory::User& user,
                   const directory::Field& field) const;
  void write_membership_field(codec::JsonWriter& json, const directory::User& user,
                              const directory::Field& field) const;
  void write_vaults(codec::JsonWriter& json, const directory::User& user) const;
  void write_groups(codec::JsonWriter& json, const directory::User& user) const;
  void write_memberships(codec::JsonWriter& json, const directory::User& user) const;

  const directory::Domain& domain_;
  directory::VaultId session_vault_;
  UserExtras extras_;
};

}  // namespace muster::vault_api
