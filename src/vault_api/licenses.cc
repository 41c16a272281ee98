#include "vault_api/licenses.h"

#include <array>
#include <limits>

#include "vault_api/envelope.h"

namespace muster::vault_api {
namespace {

using directory::LicenseType;

// Clients read these three whether anybody has them or not.
constexpr std::array kLicenses{LicenseType::kFull, LicenseType::kExternal, LicenseType::kReadOnly};

using Used = std::array<std::int64_t, 5>;  // index = LicenseType

Result<Used> count_used(const RequestContext& context) {
  const directory::VaultId vault = context.caller().vault_id;
  Used used{};
  const auto read =
      context.state.dependencies.store.read([&](directory::Reader& reader) -> Result<void> {
        const auto page = reader.list_users({.vaults = std::vector{vault},
                                             .session_vault = vault,
                                             .limit = std::numeric_limits<std::int32_t>::max()});
        if (!page) return std::unexpected(page.error());
        used = {};
        for (const auto& user : page->users) {
          const directory::Membership* membership = user->membership(vault);
          if (membership == nullptr || !membership->active) continue;
          ++used.at(static_cast<std::size_t>(membership->license));
        }
        return {};
      });
  if (!read) return std::unexpected(read.error());
  return used;
}

int licensed(const directory::Domain& domain, LicenseType type) {
  for (const directory::LicensePool& pool : domain.licenses) {
    if (pool.type == type) return pool.licensed;
  }
  return 0;
}

}  // namespace

Result<Answer> retrieve_licenses(const RequestContext& context) {
  const auto used = count_used(context);
  if (!used) return std::unexpected(used.error());
  codec::JsonWriter json = begin_success();
  json.key("doc_count");
  json.begin_object();
  json.member("licensed", 0);
  json.member("used", 0);
  json.end_object();
  json.key("applications");
  json.begin_array();
  json.begin_object();
  json.member("application_name", "muster__v");
  json.key("user_licensing");
  json.begin_object();
  for (const LicenseType type : kLicenses) {
    json.key(directory::license_name(type));
    json.begin_object();
    json.member("licensed", licensed(*context.caller().domain, type));
    json.member("used", used->at(static_cast<std::size_t>(type)));
    json.member("shared", false);
    json.end_object();
  }
  json.end_object();
  json.end_object();
  json.end_array();
  return end_success(json);
}

}  // namespace muster::vault_api
