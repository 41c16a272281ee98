// Test data for every part's tests: a small domain, users by id, a clock that stands still.
//
//   auto domain = testing::small_domain();          // example.com: 3003, 4112, 5001; 821, 822, 823
//   auto user = testing::make_user(25001);          // user25001@example.com, no membership
//   user->set_membership({.vault_id = testing::kQuality, .profile = kVaultOwner});
//
// Values only, nothing shared; for tests, never linked into the product.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "directory/caller.h"
#include "directory/clock.h"
#include "directory/domain.h"
#include "directory/user.h"

namespace muster::directory::testing {

inline constexpr DomainId kDomain{76};
inline constexpr VaultId kQuality{3003};   // quality.example.com
inline constexpr VaultId kClinical{4112};  // clinical.example.com
inline constexpr VaultId kArchive{5001};   // archive.example.com, inactive
inline constexpr PolicyId kBasicPolicy{821};
inline constexpr PolicyId kStrongPolicy{822};
inline constexpr PolicyId kRetiredPolicy{823};                   // inactive
inline constexpr std::string_view kCustomProfile = "author__c";  // a copy of system_admin__v
inline constexpr Timestamp kNoon{std::chrono::milliseconds{1'770'000'000'000}};

inline Domain small_domain_value() {
  Domain domain;
  domain.id = kDomain;
  domain.name = "example.com";
  domain.vaults = {
      {kQuality, "Quality", "quality.example.com", "quality__v", true, {"exampleQms_v"}},
      {kClinical, "Clinical", "clinical.example.com", "clinical__v", true, {"exampleDocs_v"}},
      {kArchive, "Archive", "archive.example.com", "quality__v", false, {}},
  };
  SecurityPolicy basic;
  basic.id = kBasicPolicy;
  basic.label = "Basic";
  SecurityPolicy strong = basic;
  strong.id = kStrongPolicy;
  strong.label = "Strong";
  strong.require_nonalphanumeric = true;
  strong.min_length = 12;
  SecurityPolicy retired = basic;
  retired.id = kRetiredPolicy;
  retired.label = "Retired";
  retired.active = false;
  domain.policies = {basic, strong, retired};
  domain.profiles = standard_profiles();
  domain.profiles.push_back({std::string(kCustomProfile), "Author"});
  return domain;
}

inline DomainPtr small_domain() { return std::make_shared<const Domain>(small_domain_value()); }

// Every required field is set; active in the domain, member of no vault, no Domain Admin.
inline std::shared_ptr<User> make_user(std::int32_t id) {
  auto user = std::make_shared<User>();
  const std::string number = std::to_string(id);
  user->id = UserId{id};
  user->domain_id = kDomain;
  user->security_policy_id = kBasicPolicy;
  user->created_date = kNoon - std::chrono::hours{24 * 30};
  user->modified_date = kNoon - std::chrono::hours{24};
  user->set_text(FieldId::kUserName, "user" + number + "@example.com");
  user->set_text(FieldId::kFirstName, "First" + number);
  user->set_text(FieldId::kLastName, "Last" + number);
  user->set_text(FieldId::kEmail, "user" + number + "@mail.example.com");
  user->set_text(FieldId::kTimezone, "Europe/Berlin");
  user->set_text(FieldId::kLocale, "en_US");
  user->set_text(FieldId::kLanguage, "en");
  return user;
}

inline std::shared_ptr<User> make_member(std::int32_t id, VaultId vault,
                                         ProfileIndex profile = kDocumentUser) {
  auto user = make_user(id);
  user->set_membership({.vault_id = vault, .profile = profile});
  return user;
}

// Domain Admin and Vault Owner in the three vaults, as a fresh directory's first account is.
inline std::shared_ptr<User> make_first_admin(std::int32_t id) {
  auto user = make_user(id);
  user->is_domain_admin = true;
  for (const VaultId vault : {kQuality, kClinical, kArchive}) {
    user->set_membership({.vault_id = vault, .profile = kVaultOwner});
  }
  return user;
}

inline Caller make_caller(DomainPtr domain, UserPtr user, VaultId vault = kQuality) {
  Caller caller;
  caller.domain = std::move(domain);
  caller.user = std::move(user);
  caller.vault_id = vault;
  caller.execution_id = "0198f2c1-77aa-7c31-9d55-0b2f6f1f2a10";
  return caller;
}

// Moves only when told to. Not thread-safe while it is moved.
class StandingClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const override { return kNoon + passed_; }
  [[nodiscard]] std::chrono::milliseconds steady() const override { return passed_; }
  void advance(std::chrono::milliseconds time) { passed_ += time; }

 private:
  std::chrono::milliseconds passed_{0};
};

}  // namespace muster::directory::testing
