#include "vault_api/origin.h"

#include <algorithm>

#include "base/text.h"
#include "directory/login_vault.h"
#include "vault_api/header_list.h"

namespace muster::vault_api {
namespace {

bool trusted(std::string_view address, const ApiSettings& settings) {
  return std::ranges::any_of(settings.trusted_proxies,
                             [&](const AddressRange& range) { return range.contains(address); });
}

// The last of "client, proxy1, proxy2": what the proxy next to us has written itself.
std::string_view last_of_list(std::string_view list) {
  const std::size_t comma = list.rfind(',');
  return trim(comma == list.npos ? list : list.substr(comma + 1));
}

bool looks_like_address(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789abcdefABCDEF.:") == text.npos;
}

// Names, IPv4 and bracketed IPv6 addresses, a port. Others would end up in URLs of answers.
bool looks_like_authority(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              ".-_:[]") == text.npos;
}

// From the right, the first address that is not a proxy of ours: further left anybody may
// have written anything.
std::string client_address(const http::Request& request, const ApiSettings& settings) {
  const std::string all = header_list(request.headers, "X-Forwarded-For");
  std::string_view list = all;
  std::string_view address = request.remote_address;
  while (trusted(address, settings) && !list.empty()) {
    const std::string_view previous = last_of_list(list);
    if (!looks_like_address(previous)) break;
    address = previous;
    const std::size_t comma = list.rfind(',');
    list = comma == list.npos ? std::string_view{} : list.substr(0, comma);
  }
  return std::string(address);
}

bool names_any_vault(std::string_view asked_for, const directory::Domain& domain) {
  return std::ranges::any_of(domain.vaults, [&](const directory::Vault& vault) {
    return directory::is_same_dns(asked_for, vault.dns);
  });
}

// Clients compare the URL with the vault DNS they asked for, as text; libraries write the host in
// another case or leave a default port out.
std::string base_as_asked(const VaultUrlRule& rule) {
  const std::string host = rule.base.substr(rule.base.find("://") + 3);
  return directory::is_same_dns(rule.asked_for, host) ? rule.scheme + "://" + rule.asked_for
                                                      : rule.base;
}

}  // namespace

Origin find_origin(const http::Request& request, const ApiSettings& settings) {
  Origin origin{.scheme = request.tls ? "https" : "http",
                .host = {},
                .source_address = client_address(request, settings)};
  const auto host = request.headers.get("Host");
  if (looks_like_authority(host)) origin.host = host;
  if (!trusted(request.remote_address, settings)) return origin;
  const std::string schemes = header_list(request.headers, "X-Forwarded-Proto");
  const std::string scheme = ascii_lower(last_of_list(schemes));
  if (scheme == "http" || scheme == "https") origin.scheme = scheme;
  const std::string hosts = header_list(request.headers, "X-Forwarded-Host");
  const std::string_view forwarded = last_of_list(hosts);
  if (looks_like_authority(forwarded)) origin.host = forwarded;
  return origin;
}

std::string base_url(const Origin& origin, const ApiSettings& settings) {
  return settings.public_url.empty() ? origin.scheme + "://" + origin.host : settings.public_url;
}

std::string vault_url(const directory::Domain& domain, const directory::Vault& vault,
                      const VaultUrlRule& rule) {
  if (vault.dns.empty()) return rule.base + "/api";
  if (vault.id == rule.session_vault) {
    if (directory::is_same_dns(rule.asked_for, vault.dns)) {
      return rule.scheme + "://" + rule.asked_for + "/api";
    }
    if (!names_any_vault(rule.asked_for, domain)) return base_as_asked(rule) + "/api";
  }
  return rule.scheme + "://" + vault.dns + "/api";
}

}  // namespace muster::vault_api
