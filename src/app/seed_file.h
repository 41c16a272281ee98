// The seed file: what an empty data directory is filled with, in the names of the API.
//
//   {"domain": {"id": 76, "name": "example.com"},
//    "vaults": [{"id": 3003, "name": "Quality", "dns": "quality.example.com"}],
//    "users": [{"user_name__v": "mei.tan@example.com", ..., "password": "...",
//               "vault_membership": [{"id": 3003, "security_profile__v": "vault_owner__v"}]}]}
//
//   Result<Seed> seed = read_seed_file("seed.json");
//
// Users are judged by the rules of the API's bulk calls. Pure but for reading the file; seeds
// are values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/domain.h"
#include "directory/user.h"

namespace muster::app {

struct SeedUser {
  directory::User user;
  std::string password;  // empty: cannot log in
};

struct Seed {
  directory::Domain domain;
  std::vector<SeedUser> users;
};

// kInvalidData with the JSON path and the reason ("users[3].id: is used twice"), for broken JSON
// with line and column. `name` stands before the message.
[[nodiscard]] Result<Seed> parse_seed(std::string_view json, const std::string& name);
[[nodiscard]] Result<Seed> read_seed_file(const std::string& path);

}  // namespace muster::app
