#include "store/embedded/audit_chain.h"

#include <openssl/evp.h>

#include <memory>
#include <string_view>

#include "base/assert.h"
#include "store/embedded/row_text.h"

namespace muster::store {
namespace {

using directory::Digest;

class Sha256 {
 public:
  Sha256() : context_(EVP_MD_CTX_new()) {
    MUSTER_ASSERT(context_ != nullptr);
    MUSTER_ASSERT(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
  }

  Sha256& number(std::int64_t value) {
    return bytes({reinterpret_cast<const char*>(&value), sizeof value});
  }
  // With its length, so that no two lists of texts look the same.
  Sha256& text(std::string_view text) {
    return number(static_cast<std::int64_t>(text.size())).bytes(text);
  }
  Sha256& digest(const Digest& digest) {
    return bytes({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }

  [[nodiscard]] Digest finish() {
    Digest digest{};
    MUSTER_ASSERT(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
    return digest;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };

  Sha256& bytes(std::string_view bytes) {
    MUSTER_ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
    return *this;
  }

  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace

Digest content_digest(const JournalRow& row, std::span<const directory::LoginAuditRow> logins) {
  Sha256 hash;
  hash.number(static_cast<std::int64_t>(row.sequence)).number(milliseconds(row.at));
  hash.number(row.domain_rows).text(row.record).text(row.secret);
  for (const directory::LoginAuditRow& login : logins) {
    hash.number(milliseconds(login.timestamp)).number(login.user_id.value);
    for (const std::string* text : {&login.user_name, &login.full_name, &login.source_ip,
                                    &login.type, &login.status, &login.browser, &login.platform}) {
      hash.text(*text);
    }
  }
  return hash.finish();
}

Digest chain_digest(const Digest& previous, const Digest& content, std::int64_t domain_first) {
  return Sha256().digest(previous).digest(content).number(domain_first).finish();
}

}  // namespace muster::store
