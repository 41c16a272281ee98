#include "vault_api/origin.h"

#include <gtest/gtest.h>

#include "directory/testing.h"

namespace muster::vault_api {
namespace {

struct Sent {
  std::string address = "192.0.2.10";
  bool tls = false;
  std::vector<http::Header> headers = {{"Host", "muster.example.com:8443"}};
};

Origin origin_of(const Sent& sent, const ApiSettings& settings) {
  http::Request request;
  request.remote_address = sent.address;
  request.tls = sent.tls;
  for (const auto& header : sent.headers) request.headers.add(header.name, header.value);
  return find_origin(request, settings);
}

ApiSettings behind_proxies() {
  return {.public_url = {},
          .trusted_proxies = {*AddressRange::parse("10.0.0.1"), *AddressRange::parse("10.0.0.2")}};
}

TEST(FindOrigin, SchemeAndHostOfTheConnection) {
  EXPECT_EQ(base_url(origin_of({}, {}), {}), "http://muster.example.com:8443");
  EXPECT_EQ(base_url(origin_of({.tls = true}, {}), {}), "https://muster.example.com:8443");
}

TEST(FindOrigin, PublicUrlStandsAboveAll) {
  const ApiSettings settings{.public_url = "https://users.example.com", .trusted_proxies = {}};
  EXPECT_EQ(base_url(origin_of({}, settings), settings), "https://users.example.com");
}

TEST(FindOrigin, ForwardedFieldsOfStrangersAreIgnored) {
  const Origin origin = origin_of({.headers = {{"Host", "muster.example.com"},
                                               {"X-Forwarded-Proto", "https"},
                                               {"X-Forwarded-Host", "evil.example.com"},
                                               {"X-Forwarded-For", "203.0.113.5"}}},
                                  behind_proxies());
  EXPECT_EQ(origin.scheme + "://" + origin.host, "http://muster.example.com");
  EXPECT_EQ(origin.source_address, "192.0.2.10");
}

TEST(FindOrigin, TrustedProxyNamesSchemeHostAndClient) {
  const Origin origin =
      origin_of({.address = "10.0.0.1",
                 .headers = {{"Host", "internal:8080"},
                             {"X-Forwarded-Proto", "https"},
                             {"X-Forwarded-Host", "quality.example.com"},
                             {"X-Forwarded-For", "1.1.1.1, 203.0.113.5, 10.0.0.2"}}},
                behind_proxies());
  EXPECT_EQ(origin.scheme + "://" + origin.host, "https://quality.example.com");
  EXPECT_EQ(origin.source_address, "203.0.113.5");
}

// The proxy next to us adds a line of its own; the first one is the client's.
TEST(FindOrigin, LinesOfOneNameAreOneList) {
  const Origin origin = origin_of({.address = "10.0.0.1",
                                   .headers = {{"Host", "internal:8080"},
                                               {"X-Forwarded-Proto", "http"},
                                               {"X-Forwarded-Host", "evil.example.com"},
                                               {"X-Forwarded-For", "1.1.1.1"},
                                               {"x-forwarded-for", "203.0.113.5"},
                                               {"x-forwarded-host", "quality.example.com"},
                                               {"x-forwarded-proto", "https"}}},
                                  behind_proxies());
  EXPECT_EQ(origin.scheme + "://" + origin.host, "https://quality.example.com");
  EXPECT_EQ(origin.source_address, "203.0.113.5");
}

TEST(FindOrigin, TextsThatAreNoAddressOrHostAreIgnored) {
  const Origin origin = origin_of({.address = "10.0.0.1",
                                   .headers = {{"Host", "muster.example.com"},
                                               {"X-Forwarded-Proto", "gopher"},
                                               {"X-Forwarded-Host", "a b\"c"},
                                               {"X-Forwarded-For", "<script>"}}},
                                  behind_proxies());
  EXPECT_EQ(origin.scheme + "://" + origin.host, "http://muster.example.com");
  EXPECT_EQ(origin.source_address, "10.0.0.1");
}

std::string url_of(directory::VaultId vault, const std::string& asked_for,
                   directory::VaultId session_vault) {
  const auto domain = directory::testing::small_domain();
  return vault_url(*domain, *domain->find_vault(vault),
                   {.scheme = "https",
                    .base = "https://localhost:8443",
                    .asked_for = asked_for,
                    .session_vault = session_vault});
}

using directory::testing::kClinical;
using directory::testing::kQuality;

TEST(VaultUrl, SessionVaultIsListedAsItWasAskedFor) {
  EXPECT_EQ(url_of(kQuality, "quality.example.com", kQuality), "https://quality.example.com/api");
  EXPECT_EQ(url_of(kQuality, "Quality.Example.com:8443", kQuality),
            "https://Quality.Example.com:8443/api");
}

TEST(VaultUrl, OtherVaultsAreListedAtTheirOwnDns) {
  EXPECT_EQ(url_of(kClinical, "quality.example.com:8443", kQuality),
            "https://clinical.example.com/api");
}

TEST(VaultUrl, NameOfNoVaultGivesTheBaseToTheSessionVault) {
  EXPECT_EQ(url_of(kQuality, "localhost:8443", kQuality), "https://localhost:8443/api");
  EXPECT_EQ(url_of(kQuality, "127.0.0.1", kQuality), "https://localhost:8443/api");
  EXPECT_EQ(url_of(kClinical, "localhost:8443", kQuality), "https://clinical.example.com/api");
}

TEST(VaultUrl, LandingInAnotherVaultThanAskedForShows) {
  EXPECT_EQ(url_of(kQuality, "clinical.example.com", kQuality), "https://quality.example.com/api");
}

}  // namespace
}  // namespace muster::vault_api
