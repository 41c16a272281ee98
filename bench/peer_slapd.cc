// The same change of 500 users in OpenLDAP's slapd: a modify each, or all of them in one LDAP
// transaction (RFC 5805). One connection; more do not help it. Prints one JSON line of batches.
//
//   bench_slapd --port 9389 --users 100000 --seconds 3 --mode single|transaction
//
// Expects uid=personN,ou=people,dc=example,dc=com with cn=admin,dc=example,dc=com and password
// "bench". Making the input and reading every changed entry back are not timed.
#include <ldap.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "change.h"
#include "flags.h"
#include "samples.h"

namespace {

using namespace muster::bench;
using Clock = std::chrono::steady_clock;

std::array<std::string, kFieldCount> g_attributes = {
    "title",      "o", "physicalDeliveryOfficeName", "telephoneNumber", "facsimileTelephoneNumber",
    "displayName"};

void check(int code, const char* what) {
  if (code != LDAP_SUCCESS) {
    throw std::runtime_error(std::string(what) + ": " + ldap_err2string(code));
  }
}

std::string name_of(std::uint32_t user) {
  return "uid=person" + std::to_string(user) + ",ou=people,dc=example,dc=com";
}

// Six replacements in the form libldap wants; points into `values`.
class Modification {
 public:
  explicit Modification(Values& values) {
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      texts_[i] = {values[i].data(), nullptr};
      modifications_[i].mod_op = LDAP_MOD_REPLACE;
      modifications_[i].mod_type = g_attributes[i].data();
      modifications_[i].mod_values = texts_[i].data();
      list_[i] = &modifications_[i];
    }
  }
  Modification(const Modification&) = delete;
  Modification& operator=(const Modification&) = delete;
  LDAPMod** list() { return list_.data(); }

 private:
  std::array<std::array<char*, 2>, kFieldCount> texts_{};
  std::array<LDAPMod, kFieldCount> modifications_{};
  std::array<LDAPMod*, kFieldCount + 1> list_{};
};

LDAP* connect(int port) {
  LDAP* session = nullptr;
  check(ldap_initialize(&session, ("ldap://127.0.0.1:" + std::to_string(port)).c_str()), "open");
  const int version = LDAP_VERSION3;
  ldap_set_option(session, LDAP_OPT_PROTOCOL_VERSION, &version);
  std::string password = "bench";
  berval credentials{password.size(), password.data()};
  check(ldap_sasl_bind_s(session, "cn=admin,dc=example,dc=com", LDAP_SASL_SIMPLE, &credentials,
                         nullptr, nullptr, nullptr),
        "bind");
  return session;
}

void modify_each(LDAP* session, const std::vector<std::string>& names, Modification& change) {
  for (const std::string& name : names) {
    check(ldap_modify_ext_s(session, name.c_str(), change.list(), nullptr, nullptr), "modify");
  }
}

void modify_together(LDAP* session, const std::vector<std::string>& names, Modification& change) {
  berval* id = nullptr;
  check(ldap_txn_start_s(session, nullptr, nullptr, &id), "transaction");
  std::string oid = LDAP_CONTROL_TXN_SPEC;
  LDAPControl control{.ldctl_oid = oid.data(), .ldctl_value = *id, .ldctl_iscritical = 1};
  std::array<LDAPControl*, 2> controls = {&control, nullptr};
  for (const std::string& name : names) {
    check(ldap_modify_ext_s(session, name.c_str(), change.list(), controls.data(), nullptr),
          "modify");
  }
  int failed = 0;
  check(ldap_txn_end_s(session, 1, id, nullptr, nullptr, &failed), "commit");
  ber_bvfree(id);
}

void verify(LDAP* session, const std::vector<std::string>& names, const Values& values) {
  for (const std::string& name : names) {
    LDAPMessage* found = nullptr;
    check(ldap_search_ext_s(session, name.c_str(), LDAP_SCOPE_BASE, nullptr, nullptr, 0, nullptr,
                            nullptr, nullptr, 0, &found),
          "read");
    LDAPMessage* entry = ldap_first_entry(session, found);
    for (std::size_t i = 0; i < kFieldCount; ++i) {
      berval** is = ldap_get_values_len(session, entry, g_attributes[i].c_str());
      if (is == nullptr || std::string(is[0]->bv_val, is[0]->bv_len) != values[i]) {
        throw std::runtime_error(name + " does not hold its new value");
      }
      ldap_value_free_len(is);
    }
    ldap_msgfree(found);
  }
}

std::vector<std::string> pick_names(std::mt19937& random, std::size_t users) {
  Ids ids(kRecords);
  pick_users(random, users, ids);
  std::vector<std::string> names;
  for (const std::uint32_t id : ids) names.push_back(name_of(id));
  return names;
}

}  // namespace

int main(int argc, char** argv) try {
  const Flags flags(argc, argv);
  const auto users = static_cast<std::size_t>(flags.number("--users", 1000));
  const bool together = flags.text("--mode") == "transaction";
  const double seconds = flags.decimal("--seconds", 3);
  LDAP* session = connect(flags.number("--port", 0));
  std::random_device seed;
  std::mt19937 random(seed());
  unsigned number = seed();
  std::vector<Sample> samples;
  const auto start = Clock::now();
  const auto since = [](Clock::time_point begin) {
    return std::chrono::duration<double>(Clock::now() - begin).count();
  };
  while (since(start) < seconds) {
    const auto names = pick_names(random, users);
    Values values = make_values(++number);
    Modification change(values);
    const auto begin = Clock::now();
    (together ? modify_together : modify_each)(session, names, change);
    samples.push_back({since(start), since(begin) * 1000});
    verify(session, names, values);
  }
  ldap_unbind_ext_s(session, nullptr, nullptr);
  std::printf("{%s}\n", members(samples, busy_seconds(samples)).c_str());
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "bench_slapd: %s\n", error.what());
  return 1;
}
