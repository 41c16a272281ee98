// Where a request came from and by which name it called the server. What a proxy says is
// believed only when the proxy is trusted (ApiSettings::trusted_proxies).
//
// The URLs in answers are compared by clients as strings (protocol 1.1, 4.1):
//   * base_url(): public_url when configured, else what the client called;
//   * vault_url(): clients drop a session whose vault is not listed at the name they asked for, so
//       - the session's vault is listed at exactly that name, case and port included, when its DNS
//         is that name;
//       - at base_url() when no vault has that name (localhost:8443, a test container);
//       - every other vault at its own DNS, or at base_url() when it has none. A login that asked
//         for one vault and landed in another thus shows it.
//
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "directory/domain.h"
#include "http/message.h"
#include "vault_api/api.h"

namespace muster::vault_api {

struct Origin {
  std::string scheme;          // "https"
  std::string host;            // as the client wrote it, with port: "quality.example.com:8443"
  std::string source_address;  // of the client, "192.0.2.10"
};

[[nodiscard]] Origin find_origin(const http::Request& request, const ApiSettings& settings);

// "https://muster.example.com", no trailing slash.
[[nodiscard]] std::string base_url(const Origin& origin, const ApiSettings& settings);

// `asked_for`: the login's vaultDNS, or the host when it had none.
struct VaultUrlRule {
  std::string scheme;
  std::string base;
  std::string asked_for;
  directory::VaultId session_vault;
};

// "https://quality.example.com/api"
[[nodiscard]] std::string vault_url(const directory::Domain& domain, const directory::Vault& vault,
                                    const VaultUrlRule& rule);

}  // namespace muster::vault_api
