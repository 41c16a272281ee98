#include "app/seed_file.h"

#include <algorithm>
#include <array>
#include <memory>
#include <unordered_set>
#include <utility>

#include "app/read_file.h"
#include "app/seed_domain.h"
#include "app/seed_object.h"
#include "app/seed_users.h"
#include "base/limits.h"

namespace muster::app {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 8> kSections{
    "domain", "vaults",   "security_policies", "security_profiles",
    "groups", "licenses", "delegations",       "users"};

std::string position_of(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t column = offset - (before.rfind('\n') + 1) + 1;
  return std::to_string(line) + ":" + std::to_string(column);
}

Result<json::value> parse_json(std::string_view text, const std::string& name) {
  json::parser parser;
  json::error_code failure;
  const std::size_t read = parser.write_some(text.data(), text.size(), failure);
  if (!failure && read == text.size()) return parser.release();
  const std::string reason = failure ? failure.message() : "text after the end of the document";
  return fail(ErrorType::kInvalidData, name + ":" + position_of(text, read) + ": " + reason);
}

// What a group or a delegation says of users must be there.
void check_references(const Seed& seed, SeedProblems& problems) {
  std::unordered_set<directory::UserId> ids;
  for (const SeedUser& user : seed.users) ids.insert(user.user.id);
  const directory::Domain& domain = seed.domain;
  for (std::size_t i = 0; i < domain.groups.size(); ++i) {
    for (const directory::UserId member : domain.groups[i].members) {
      if (ids.contains(member)) continue;
      problems.add("groups[" + std::to_string(i) + "].members__v",
                   "there is no user " + to_string(member));
    }
  }
  for (std::size_t i = 0; i < domain.delegations.size(); ++i) {
    const std::string path = "delegations[" + std::to_string(i) + "]";
    const directory::Delegation& delegation = domain.delegations[i];
    for (const directory::UserId user : {delegation.delegator, delegation.delegate}) {
      if (!ids.contains(user)) problems.add(path, "there is no user " + to_string(user));
    }
    if (delegation.delegator == delegation.delegate) {
      problems.add(path, "a user cannot be the delegate of itself");
    }
  }
}

}  // namespace

Result<Seed> parse_seed(std::string_view text, const std::string& name) {
  const auto document = parse_json(text, name);
  if (!document) return std::unexpected(document.error());
  SeedProblems problems;
  SeedObject root(problems, *document, "");
  // First, so that a misspelt section is not reported as a missing one.
  for (const std::string_view section : kSections) (void)root.raw(section);
  root.finish();
  Seed seed;
  seed.domain = read_seed_domain(root);
  // Users are judged by the domain: a wrong one would only give misleading problems.
  if (!problems.first) {
    seed.users = read_seed_users(root, std::make_shared<const directory::Domain>(seed.domain));
    check_references(seed, problems);
  }
  if (problems.first) {
    return fail(problems.first->type, name + ": " + problems.first->message);
  }
  return seed;
}

Result<Seed> read_seed_file(const std::string& path) {
  const auto text = read_file(path, limits::kSeedBytesMax);
  if (!text) return std::unexpected(text.error());
  return parse_seed(*text, path);
}

}  // namespace muster::app
