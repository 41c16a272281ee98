#include "app/fill_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "app/demo_directory.h"
#include "app/generated_password.h"
#include "base/assert.h"
#include "base/limits.h"
#include "directory/audit.h"
#include "directory/password_policy.h"
#include "directory/value_rules.h"

namespace muster::app {
namespace {

using namespace directory;

// Set on every account that is nobody in particular.
void set_neutral_texts(User& user) {
  user.set_text(FieldId::kTimezone, "UTC");
  user.set_text(FieldId::kLocale, "en_US");
  user.set_text(FieldId::kLanguage, "en");
}

User system_account(const Domain& domain) {
  User user;
  user.id = kSystemUserId;
  user.domain_id = domain.id;
  user.security_policy_id = domain.policies.front().id;
  user.set_text(FieldId::kUserName, "system@" + domain.name);
  user.set_text(FieldId::kFirstName, "System");
  user.set_text(FieldId::kLastName, "Account");
  user.set_text(FieldId::kEmail, "system@" + domain.name);
  set_neutral_texts(user);
  return user;
}

Result<std::string> administrator_name(const std::string& wanted, const Domain& domain) {
  std::string name = wanted.empty() ? "admin" : wanted;
  if (!name.contains('@')) name += "@" + domain.name;
  if (is_user_name(name)) return name;
  return fail(
      ErrorType::kInvalidData,
      "MUSTER_ADMIN_USER: invalid value: a user name such as admin@" + domain.name + " is needed");
}

// Single sign-on accounts have no password, so the first policy with one is the right one.
PolicyId password_policy_of(const Domain& domain) {
  const auto policy = std::ranges::find_if(
      domain.policies, [](const SecurityPolicy& row) { return row.active && !row.sso; });
  return (policy == domain.policies.end() ? domain.policies.begin() : policy)->id;
}

User new_administrator(UserId id, const std::string& name, const Domain& domain) {
  User user;
  user.id = id;
  user.domain_id = domain.id;
  user.security_policy_id = password_policy_of(domain);
  user.set_text(FieldId::kUserName, name);
  user.set_text(FieldId::kFirstName, "First");
  user.set_text(FieldId::kLastName, "Administrator");
  user.set_text(FieldId::kEmail, name);
  set_neutral_texts(user);
  return user;
}

void give_all_rights(User& user, const Domain& domain) {
  user.is_domain_admin = true;
  user.domain_active = true;
  for (const Vault& vault : domain.vaults) {
    user.set_membership({.vault_id = vault.id, .profile = kVaultOwner});
  }
}

class Filling {
 public:
  Filling(Store& store, const DirectorySource& source, const FillTools& tools)
      : store_(store), source_(source), tools_(tools) {
    actor_.action = "Initialise Directory";
    actor_.at = tools.clock.now();
  }

  Result<void> write_domain() {
    return store_.write(actor_, [&](Transaction& tx) -> Result<void> {
      Domain domain = source_.domain;
      add_all_internal_users(domain, actor_.at);
      for (Group& group : domain.groups) group.created_date = group.modified_date = actor_.at;
      if (auto put = tx.put_domain(std::move(domain)); !put) return put;
      return tx.put_users({{nullptr, publish(system_account(source_.domain))}});
    });
  }

  Result<void> write_users() {
    constexpr auto kBatch = static_cast<std::int64_t>(limits::kBatchRecordsMax);
    for (std::int64_t begin = 0; begin < source_.user_count; begin += kBatch) {
      const std::int64_t end = std::min(begin + kBatch, source_.user_count);
      if (auto written = write_batch(begin, end); !written) return written;
    }
    return {};
  }

  Result<FirstAdministrator> write_administrator(const AdministratorRequest& request) {
    auto name = administrator_name(request.user_name, source_.domain);
    if (!name) return std::unexpected(name.error());
    FirstAdministrator done{.user_name = *name, .password = request.password, .generated = false};
    auto written = store_.write(actor_, [&](Transaction& tx) -> Result<void> {
      auto id = write_account(tx, *name);
      if (!id) return std::unexpected(id.error());
      return write_password(tx, *id, request, done);
    });
    if (!written) return std::unexpected(written.error());
    if (!done.generated) done.password.clear();
    return done;
  }

 private:
  [[nodiscard]] UserPtr publish(User user) const {
    if (user.created_date == Timestamp{}) user.created_date = actor_.at;
    user.modified_date = actor_.at;
    return std::make_shared<const User>(std::move(user));
  }

  Result<void> write_batch(std::int64_t begin, std::int64_t end) {
    std::vector<UserChange> changes;
    std::vector<std::pair<UserId, Credential>> credentials;
    for (std::int64_t i = begin; i < end; ++i) {
      SeedUser seed = source_.user(i);
      if (!seed.password.empty()) {
        credentials.emplace_back(seed.user.id,
                                 make_credential(tools_.passwords, seed.password, actor_.at));
      }
      changes.push_back({nullptr, publish(std::move(seed.user))});
    }
    return store_.write(actor_, [&](Transaction& tx) -> Result<void> {
      if (auto put = tx.put_users(changes); !put) return put;
      for (const auto& [id, credential] : credentials) {
        if (auto put = tx.put_credential(id, credential); !put) return put;
      }
      return {};
    });
  }

  Result<UserId> write_account(Transaction& tx, const std::string& name) const {
    const std::vector<std::string> folded{fold_user_name(name)};
    auto found = tx.find_users_by_name(folded);
    if (!found) return std::unexpected(found.error());
    UserChange change{.before = found->front(), .after = nullptr};
    User user;
    if (change.before != nullptr) {
      user = *change.before;
    } else {
      auto ids = tx.allocate_user_ids(1);
      if (!ids) return std::unexpected(ids.error());
      user = new_administrator(ids->front(), name, source_.domain);
    }
    give_all_rights(user, source_.domain);
    const UserId id = user.id;
    change.after = publish(std::move(user));
    if (auto put = tx.put_users({std::move(change)}); !put) return std::unexpected(put.error());
    return id;
  }

  Result<void> write_password(Transaction& tx, UserId id, const AdministratorRequest& request,
                              FirstAdministrator& done) const {
    auto credential = tx.find_credential(id);
    if (!credential) return std::unexpected(credential.error());
    if (credential->has_value() && request.password.empty()) return {};
    done.generated = request.password.empty();
    done.password = done.generated ? generate_password(tools_.random) : request.password;
    return tx.put_credential(id, make_credential(tools_.passwords, done.password, actor_.at));
  }

  Store& store_;
  const DirectorySource& source_;
  const FillTools& tools_;
  Actor actor_;
};

}  // namespace

DirectorySource demo_source(std::int64_t users) {
  return {demo_domain(), users, [](std::int64_t index) { return SeedUser{demo_user(index), {}}; }};
}

DirectorySource seed_source(Seed seed) {
  auto users = std::make_shared<const std::vector<SeedUser>>(std::move(seed.users));
  return {std::move(seed.domain), static_cast<std::int64_t>(users->size()),
          [users](std::int64_t index) { return (*users)[static_cast<std::size_t>(index)]; }};
}

Result<FirstAdministrator> fill_store(Store& store, const DirectorySource& source,
                                      const AdministratorRequest& administrator,
                                      const FillTools& tools) {
  MUSTER_ASSERT(!store.initialised());
  MUSTER_ASSERT(!source.domain.policies.empty());
  Filling filling(store, source, tools);
  if (auto written = filling.write_domain(); !written) return std::unexpected(written.error());
  if (auto written = filling.write_users(); !written) return std::unexpected(written.error());
  auto admin = filling.write_administrator(administrator);
  if (!admin) return admin;
  if (auto marked = store.mark_initialised(); !marked) return std::unexpected(marked.error());
  return admin;
}

Result<void> complete_store(Store& store, const Clock& clock) {
  bool complete = false;
  auto read = store.read([&](Reader& reader) -> Result<void> {
    complete = reader.domain()->find_group(kAllInternalUsers) != nullptr;
    return {};
  });
  if (!read || complete) return read;
  Actor actor;
  actor.action = "Create Group";
  actor.at = clock.now();
  return store.write(actor, [&](Transaction& tx) -> Result<void> {
    Domain domain = *tx.domain();
    return add_all_internal_users(domain, actor.at) ? tx.put_domain(std::move(domain))
                                                    : Result<void>();
  });
}

}  // namespace muster::app
