// One user account of a domain, with its vault memberships.
//
//   auto changed = std::make_shared<User>(*old);      // copy, edit, publish
//   changed->set_text(FieldId::kTitle, "Director");
//
// A User that was published (UserPtr) is immutable and shared by readers without a lock.
// Compact on purpose: directories of millions of users are held in memory, so all texts of
// a user share one allocation.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "directory/field.h"
#include "directory/ids.h"

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

// A fixed number of texts in one string. Each text < 64 KiB, all together too.
template <std::size_t kCount>
class PackedTexts {
 public:
  [[nodiscard]] std::string_view get(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
    return std::string_view(bytes_).substr(begin, ends_[index] - begin);
  }

  void set(std::size_t index, std::string_view text) {
    const std::string_view old = get(index);
    const auto begin = static_cast<std::size_t>(old.data() - bytes_.data());
    const std::ptrdiff_t growth =
        static_cast<std::ptrdiff_t>(text.size()) - static_cast<std::ptrdiff_t>(old.size());
    bytes_.replace(begin, old.size(), text);
    for (std::size_t i = index; i < kCount; ++i) {
      ends_[i] = static_cast<std::uint16_t>(ends_[i] + growth);
    }
  }

  // Gives back spare capacity; called once before a user is published.
  void shrink() { bytes_.shrink_to_fit(); }

  friend bool operator==(const PackedTexts&, const PackedTexts&) = default;

 private:
  std::string bytes_;
  std::array<std::uint16_t, kCount> ends_{};
};

class User {
 public:
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
  std::vector<Membership> memberships;    // ascending by vault id, no vault twice
  std::vector<AppLicense> app_licensing;  // ascending by (vault id, application)

  // Empty = not set. REQUIRES: a member of text_fields(). The view lives as long as this
  // object and until the next set_text().
  [[nodiscard]] std::string_view text(FieldId field) const;
  // REQUIRES: valid UTF-8 within the field's length.
  void set_text(FieldId field, std::string_view text);
  void shrink_texts() { texts_.shrink(); }

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
  PackedTexts<kTextFields.size()> texts_;
};

using UserPtr = std::shared_ptr<const User>;

// The form under which a user name is unique and looked up: ASCII lower case.
[[nodiscard]] std::string fold_user_name(std::string_view user_name);

// "full__v"; parse is exact and nullopt when unknown.
[[nodiscard]] std::string_view license_name(LicenseType license);
[[nodiscard]] std::optional<LicenseType> parse_license(std::string_view name);

}  // namespace muster::directory
