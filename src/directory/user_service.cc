#include "directory/user_service.h"

#include <array>
#include <string>
#include <utility>

#include "base/assert.h"
#include "base/limits.h"
#include "directory/batch_write.h"
#include "directory/session_people.h"
#include "directory/vault_selection.h"

namespace muster::directory {
namespace {

std::string action_of(const BatchRules& rules) {
  if (rules.single) return "Update User";
  switch (rules.operation) {
    case BatchOperation::kCreate:
      return "Create Users";
    case BatchOperation::kUpsert:
      return "Upsert Users";
    case BatchOperation::kUpdate:
      break;
  }
  return "Update Users";
}

// Names appear in every screen, so whoever shares the session's vault may look.
bool may_read(const Caller& caller, const User& user) {
  return caller.is_self(user.id) || caller.is_domain_admin() || caller.may_update(user) ||
         user.membership(caller.vault_id) != nullptr;
}

}  // namespace

UserService::UserService(Store& store, const Clock& clock) : store_(store), clock_(clock) {}

Result<BatchOutcome> UserService::write_users(const Caller& caller, const BatchPlan& plan) {
  MUSTER_ASSERT(plan.records.size() <= limits::kBatchRecordsMax);
  const Actor actor = caller.actor(action_of(plan.rules), clock_.now());
  BatchOutcome outcome;
  const auto done = store_.write(actor, [&](Transaction& transaction) -> Result<void> {
    // The caller was found before the body, which may have taken days.
    auto today = renewed(transaction, caller, actor.at);
    if (!today) return std::unexpected(std::move(today.error()));
    if (!plan.rules.single && !today->may_update_users()) {
      return fail(ErrorType::kInsufficientAccess,
                  "Only System Admins, Vault Owners and Domain Admins may change users.");
    }
    BatchWrite write(*std::move(today), plan, actor);
    auto applied = write.run(transaction);
    if (applied) outcome = write.take_outcome();
    return applied;
  });
  if (!done) return std::unexpected(done.error());
  return outcome;
}

Result<UserPage> UserService::list_users(const Caller& caller, std::string_view vaults,
                                         UserQuery query) {
  auto selected = select_vaults(caller, vaults);
  if (!selected) return std::unexpected(std::move(selected.error()));
  query.vaults = std::move(*selected);
  query.session_vault = caller.vault_id;
  UserPage page;
  const auto done = store_.read([&](Reader& reader) -> Result<void> {
    auto found = reader.list_users(query);
    if (!found) return std::unexpected(std::move(found.error()));
    page = std::move(*found);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return page;
}

Result<UserPage> UserService::query_users(const Caller& caller, UserScan scan) {
  scan.vault = caller.vault_id;
  UserPage page;
  const auto done = store_.read([&](Reader& reader) -> Result<void> {
    auto found = reader.scan_users(scan);
    if (!found) return std::unexpected(std::move(found.error()));
    page = std::move(*found);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return page;
}

Result<UserPtr> UserService::retrieve_user(const Caller& caller, UserId id) {
  UserPtr user;
  const auto done = store_.read([&](Reader& reader) -> Result<void> {
    auto found = reader.find_users(std::array{id});
    if (!found) return std::unexpected(std::move(found.error()));
    user = std::move(found->front());
    return {};
  });
  if (!done) return std::unexpected(done.error());
  if (user == nullptr) {
    return fail(ErrorType::kUserNotFound, "User [" + to_string(id) + "] does not exist.");
  }
  if (!may_read(caller, *user)) {
    return fail(ErrorType::kInsufficientAccess, "No access to user [" + to_string(id) + "].");
  }
  return user;
}

}  // namespace muster::directory
