#include "store/image_reader.h"

#include <cstddef>
#include <optional>

#include "base/assert.h"

namespace muster::store {

using directory::UserPtr;

ImageReader::ImageReader(const SharedImage& shared, AuditSource& audit)
    : shared_(shared), audit_(audit), lock_(shared.mutex, std::defer_lock) {}

const MemoryImage& ImageReader::image() {
  if (!lock_.owns_lock()) lock_.lock();
  return shared_.image;
}

directory::DomainPtr ImageReader::domain() { return image().domain(); }

Result<std::vector<UserPtr>> ImageReader::find_users(std::span<const directory::UserId> ids) {
  const MemoryImage& from = image();
  std::vector<UserPtr> users;
  users.reserve(ids.size());
  for (const directory::UserId id : ids) users.push_back(from.find_user(id));
  return users;
}

Result<std::vector<UserPtr>> ImageReader::find_users_by_name(
    std::span<const std::string> folded_names) {
  const MemoryImage& from = image();
  std::vector<UserPtr> users;
  users.reserve(folded_names.size());
  for (const std::string& name : folded_names) users.push_back(from.find_user_by_name(name));
  return users;
}

Result<std::vector<UserPtr>> ImageReader::find_users_by_federated_id(
    std::span<const std::string> federated_ids) {
  const MemoryImage& from = image();
  std::vector<UserPtr> users;
  users.reserve(federated_ids.size());
  for (const std::string& id : federated_ids) users.push_back(from.find_user_by_federated_id(id));
  return users;
}

Result<directory::UserPage> ImageReader::list_users(const directory::UserQuery& query) {
  return image().list_users(query);
}

Result<std::vector<UserPtr>> ImageReader::users_after(directory::UserId after, std::size_t limit) {
  return image().users_after(after, limit);
}

Result<directory::UserPage> ImageReader::scan_users(const directory::UserScan& scan) {
  constexpr std::size_t kPiece = 4096;  // a fraction of a millisecond
  MUSTER_ASSERT(!lock_.owns_lock());
  const directory::DomainPtr domain = image().domain();
  ScanPage page(scan, *domain);
  std::optional<directory::UserId> next = directory::UserId{};
  while (next) {
    next = image().scan_users(*next, kPiece, page);
    lock_.unlock();
  }
  return page.take();
}

Result<std::int64_t> ImageReader::count_users() { return image().count_users(); }

Result<std::optional<directory::Session>> ImageReader::find_session(
    const directory::Digest& id_hash) {
  const directory::Session* session = image().find_session(id_hash);
  if (session == nullptr) return std::nullopt;
  return *session;
}

Result<std::vector<directory::Session>> ImageReader::find_stale_sessions(Timestamp idle_since,
                                                                         Timestamp created_before,
                                                                         std::size_t limit) {
  std::vector<directory::Session> stale = image().stale_sessions(idle_since, created_before);
  keep_longest_idle(stale, limit);
  return stale;
}

Result<std::optional<directory::Credential>> ImageReader::find_credential(directory::UserId id) {
  const CredentialPtr credential = image().find_credential(id);
  if (!credential) return std::nullopt;
  return *credential;
}

Result<directory::AuditPage<directory::DomainAuditRow>> ImageReader::domain_audit(
    const directory::AuditQuery& query) {
  return audit_.domain_audit(query);
}

Result<directory::AuditPage<directory::LoginAuditRow>> ImageReader::login_audit(
    const directory::AuditQuery& query) {
  return audit_.login_audit(query);
}

Result<std::optional<directory::Batch>> ImageReader::find_batch(const std::string& id) {
  return audit_.find_batch(id);
}

Result<directory::BatchPage> ImageReader::list_batches(const directory::BatchQuery& query) {
  return audit_.list_batches(query);
}

Result<std::vector<directory::DomainAuditRow>> ImageReader::audit_of_batch(const std::string& id) {
  return audit_.audit_of_batch(id);
}

Result<std::optional<directory::KeptAnswer>> ImageReader::find_answer(
    const directory::Digest& key) {
  return audit_.find_answer(key);
}

}  // namespace muster::store
