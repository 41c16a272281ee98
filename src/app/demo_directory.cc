#include "app/demo_directory.h"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "app/demo_names.h"
#include "base/text.h"

namespace muster::app {
namespace {

using namespace directory;

constexpr VaultId kQuality{3003};
constexpr VaultId kClinical{4112};
constexpr VaultId kRegulatory{5221};
constexpr std::array kVaults{kQuality, kClinical, kRegulatory};
constexpr PolicyId kBasic{821};

constexpr std::array<std::string_view, 16> kTitles{
    "Analyst",
    "Clinical Research Associate",
    "Data Manager",
    "Director, Quality",
    "Document Controller",
    "Head of Regulatory Affairs",
    "Medical Writer",
    "Monitor",
    "Pharmacovigilance Officer",
    "Principal Scientist",
    "Quality Assurance Manager",
    "Regulatory Specialist",
    "Site Coordinator",
    "Statistician",
    "Study Manager",
    "Validation Engineer",
};

// How many of a hundred memberships have which profile and license.
struct Share {
  std::uint64_t percent = 0;
  ProfileIndex profile;
  LicenseType license = LicenseType::kFull;
};
constexpr std::array<Share, 9> kShares{{
    {58, kDocumentUser, LicenseType::kFull},
    {4, kDocumentUser, LicenseType::kLearner},
    {12, kReadOnlyUser, LicenseType::kReadOnly},
    {10, kExternalUser, LicenseType::kExternal},
    {6, kBusinessAdmin, LicenseType::kFull},
    {5, kViewBasedUser, LicenseType::kViewBased},
    {3, kSystemAdmin, LicenseType::kFull},
    {1, kVaultOwner, LicenseType::kFull},
    {1, kExternalUser, LicenseType::kFull},
}};

// SplitMix64: the same sequence everywhere, which the standard library's distributions are not.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t roll(std::uint64_t sides) {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return (z ^ (z >> 31U)) % sides;
  }
  bool percent(std::uint64_t chance) { return roll(100) < chance; }

 private:
  std::uint64_t state_;
};

struct Person {
  const DemoRegion& region;
  const DemoName& given;
  const DemoName& family;
  std::uint64_t namesake;  // 0 for the first of that name
};

// Walks through all names before one comes again: the step shares no factor with their number, so
// that neighbours differ, and login names are unique without remembering any.
Person person_of(std::int64_t index) {
  constexpr std::uint64_t kStep = 1009;
  const auto regions = demo_regions();
  const std::uint64_t names = regions.size() * kDemoNamesPerRegion * kDemoNamesPerRegion;
  const auto number = static_cast<std::uint64_t>(index);
  std::uint64_t at = number * kStep % names;
  const DemoRegion& region = regions[at % regions.size()];
  at /= regions.size();
  return {region, region.given[at % kDemoNamesPerRegion], region.family[at / kDemoNamesPerRegion],
          number / names};
}

Membership membership_of(VaultId vault, Dice& dice) {
  std::uint64_t at = dice.roll(100);
  Membership membership{.vault_id = vault};
  for (const Share& share : kShares) {
    membership.profile = share.profile;
    membership.license = share.license;
    if (at < share.percent) break;
    at -= share.percent;
  }
  membership.active = !dice.percent(4);
  return membership;
}

// Most are in one vault, some in two or three, a few in none.
void add_memberships(User& user, Dice& dice) {
  if (dice.percent(2)) return;
  const std::uint64_t home = dice.roll(kVaults.size());
  for (std::uint64_t i = 0; i < kVaults.size(); ++i) {
    if (i == home || dice.percent(25)) user.set_membership(membership_of(kVaults[i], dice));
  }
  if (dice.percent(10) && user.membership(kQuality) != nullptr &&
      user.membership(kQuality)->license == LicenseType::kFull) {
    user.app_licensing.push_back({.vault_id = kQuality, .application = "exampleQms_v"});
  }
}

void add_contact(User& user, const Person& person, Dice& dice) {
  const DemoRegion& region = person.region;
  const auto phone = [&] { return fmt::format("{} {:04}", region.phone_prefix, dice.roll(10000)); };
  user.set_text(FieldId::kTitle, kTitles[dice.roll(kTitles.size())]);
  user.set_text(FieldId::kCompany, region.company);
  if (dice.percent(80)) user.set_text(FieldId::kOfficePhone, phone());
  if (dice.percent(50)) user.set_text(FieldId::kMobilePhone, phone());
  if (dice.percent(10)) user.set_text(FieldId::kFax, phone());
  if (dice.percent(70)) user.set_text(FieldId::kSite, region.site);
  if (dice.percent(20)) user.set_text(FieldId::kAlias, person.given.text);
}

Vault vault(VaultId id, std::string_view name, std::string_view application) {
  const std::string lower = ascii_lower(name);
  return {.id = id,
          .name = std::string(name),
          .dns = lower + ".example.com",
          .family = lower + "__v",
          .applications = {std::string(application)}};
}

Group group(std::int64_t id, std::string_view name, std::string_view label) {
  return {.id = GroupId{id},
          .name = std::string(name),
          .label = std::string(label),
          .description = {},
          .members = {}};
}

}  // namespace

Domain demo_domain() {
  Domain domain;
  domain.id = DomainId{76};
  domain.name = "example.com";
  domain.type = "Demo";
  domain.vaults = {vault(kQuality, "Quality", "exampleQms_v"),
                   vault(kClinical, "Clinical", "exampleCtms_v"),
                   vault(kRegulatory, "Regulatory", "exampleRim_v")};
  SecurityPolicy basic;
  basic.id = kBasic;
  basic.label = "Basic";
  domain.policies = {basic};
  domain.profiles = standard_profiles();
  domain.groups = {group(1001, "authors__c", "Authors"), group(1002, "reviewers__c", "Reviewers")};
  return domain;
}

User demo_user(std::int64_t index) {
  const Person person = person_of(index);
  Dice dice(static_cast<std::uint64_t>(index));
  std::string login = fmt::format("{}.{}", person.given.login, person.family.login);
  if (person.namesake > 0) login += std::to_string(person.namesake + 1);

  User user;
  user.id = UserId{static_cast<std::int32_t>(kDemoFirstUserId + index)};
  user.domain_id = DomainId{76};
  user.security_policy_id = kBasic;
  user.domain_active = !dice.percent(2);
  user.set_text(FieldId::kUserName, login + "@example.com");
  user.set_text(FieldId::kFirstName, person.given.text);
  user.set_text(FieldId::kLastName, person.family.text);
  user.set_text(FieldId::kEmail, login + "@mail.example.com");
  user.set_text(FieldId::kTimezone, person.region.timezone);
  user.set_text(FieldId::kLocale, person.region.locale);
  user.set_text(FieldId::kLanguage, person.region.language);
  user.set_text(FieldId::kFederatedId, fmt::format("e-{}", user.id.value));
  add_contact(user, person, dice);
  add_memberships(user, dice);
  if (!user.domain_active) {
    for (Membership& membership : user.memberships) membership.active = false;
  }
  return user;
}

}  // namespace muster::app
