// One user account of a domain, with its vault memberships.
//
//   auto changed = std::make_shared<User>(*old);      // copy, edit, publish
//   changed->set_text(FieldId::kTitle, "Director");
//
// A User that was published (UserPtr) is immutable and shared by readers without a lock.
// Compact on purpose: directories of millions of users are held in memory, and a batch walks over
// hundreds of them that no cache holds. So a user is two allocations: the object, with its
// memberships where there are few, and its texts.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/small_vector.h"
#include "base/time.h"
#include "directory/field.h"
#include "directory/ids.h"
#include "directory/packed_texts.h"

namespace muster::directory {

enum class LicenseType : std::uint8_t { kFull, kExternal, kReadOnly, kLearner, kViewBased };

// Index into Domain::profiles. The standard seven have the same index in every domain.
struct ProfileIndex {
  std::uint16_t value = 0;
  friend auto operator<=>(const ProfileIndex&, const ProfileIndex&) = default;
};

inline constexpr ProfileIndex kBusinessAdmin{0};
inline constexpr ProfileIndex kDocumentUser{1};
inline constexpr ProfileIndex kExternalUser{2};
inline constexpr ProfileIndex kReadOnlyUser{3};
inline constexpr ProfileIndex kSystemAdmin{4};
inline constexpr ProfileIndex kVaultOwner{5};
inline constexpr ProfileIndex kViewBasedUser{6};

// Membership of one vault. An inactive one keeps profile and license. Defaults are those
// of a new membership.
struct Membership {
  VaultId vault_id;
  ProfileIndex profile = kDocumentUser;
  LicenseType license = LicenseType::kFull;
  bool active = true;

  friend bool operator==(const Membership&, const Membership&) = default;
};

struct AppLicense {
  VaultId vault_id;
  std::string application;
  LicenseType license = LicenseType::kFull;
  bool active = true;

  friend bool operator==(const AppLicense&, const AppLicense&) = default;
};

// What a User is beside its texts.
struct Account {
  UserId id;
  DomainId domain_id;
  PolicyId security_policy_id;
  UserId created_by = kSystemUserId;
  UserId modified_by = kSystemUserId;
  Timestamp created_date{};
  Timestamp modified_date{};
  std::optional<Timestamp> last_login;
  bool is_domain_admin = false;
  bool domain_active = true;
  bool needs_to_change_password = false;
  SmallVector<Membership, 2> memberships;  // ascending by vault id, no vault twice
  std::vector<AppLicense> app_licensing;   // ascending by (vault id, application)
};

class User : public Account {
 public:
  using Texts = PackedTexts<kTextFields.size()>;
  using TextChange = std::pair<FieldId, std::string_view>;

  User() = default;
  // `before` with other texts: for whom many change at once, every text is copied once.
  User(const User& before, std::span<const TextChange> texts);

  // Empty = not set. REQUIRES: a member of text_fields(). The view lives as long as this
  // object and until the next change of a text.
  [[nodiscard]] std::string_view text(FieldId field) const { return texts_.get(text_place(field)); }
  // REQUIRES: valid UTF-8 within the fields' lengths; of a field named twice the last counts.
  void set_texts(std::span<const TextChange> texts);
  void set_text(FieldId field, std::string_view text);
  // All of them, in the order of text_fields().
  void set_texts(const Texts::Views& texts) { texts_.pack(texts); }

  // The bit of every text, in the order of text_fields(), that is another one in `other`.
  [[nodiscard]] std::bitset<kTextFields.size()> differing_texts(const User& other) const {
    return texts_.differing(other.texts_);
  }
  // Brings the texts near the processor while the caller does something else.
  void prefetch_texts() const { texts_.prefetch(); }

  [[nodiscard]] std::string_view user_name() const { return text(FieldId::kUserName); }
  // "First Last", for audit rows.
  [[nodiscard]] std::string full_name() const;

  // nullptr when not a member.
  [[nodiscard]] const Membership* membership(VaultId vault) const;
  // Adds or replaces, keeping the order.
  void set_membership(const Membership& membership);

  // nullptr when there is none.
  [[nodiscard]] const AppLicense* app_license(VaultId vault, std::string_view application) const;
  // Adds or replaces, keeping the order.
  void set_app_license(AppLicense license);

 private:
  static std::size_t text_place(FieldId field) {
    const std::uint8_t place = kTextPlaces[static_cast<std::size_t>(field)];
    MUSTER_ASSERT(place != kNoText);
    return place;
  }

  Texts texts_;
};

using UserPtr = std::shared_ptr<const User>;

// The form under which a user name is unique and looked up: ASCII lower case.
[[nodiscard]] std::string fold_user_name(std::string_view user_name);

// "full__v"; parse is exact and nullopt when unknown.
[[nodiscard]] std::string_view license_name(LicenseType license);
[[nodiscard]] std::optional<LicenseType> parse_license(std::string_view name);

}  // namespace muster::directory
