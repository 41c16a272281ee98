#include "directory/session_people.h"

#include <array>
#include <span>

#include "directory/login_vault.h"

namespace muster::directory {
namespace {

bool is_welcome(const Caller& caller, bool delegated) {
  if (caller.user == nullptr || !may_enter(*caller.domain, *caller.user, caller.vault_id)) {
    return false;
  }
  return !delegated || (caller.delegate != nullptr && caller.delegate->domain_active);
}

// A row that is gone after its time was swept, one that is gone before was ended.
Result<void> check_not_ended(Reader& reader, const Caller& caller, Timestamp now) {
  if (caller.session_hash == Digest{} || now > caller.session_end) return {};
  const auto session = reader.find_session(caller.session_hash);
  if (!session) return std::unexpected(session.error());
  if (!*session) return invalid_session();
  return {};
}

}  // namespace

std::unexpected<Error> invalid_session() {
  return fail(ErrorType::kInvalidSessionId, "Invalid or expired session ID.");
}

Result<void> load_people(Reader& reader, UserId user, UserId delegate, Caller& caller) {
  const std::array ids{user, delegate};
  auto users = reader.find_users(std::span(ids).first(delegate ? 2 : 1));
  if (!users) return std::unexpected(users.error());
  caller.domain = reader.domain();
  caller.user = users->front();
  caller.delegate = delegate ? users->back() : nullptr;
  if (!is_welcome(caller, static_cast<bool>(delegate))) return invalid_session();
  return {};
}

Result<Caller> renewed(Reader& reader, const Caller& caller, Timestamp now) {
  if (auto live = check_not_ended(reader, caller, now); !live) {
    return std::unexpected(live.error());
  }
  Caller fresh = caller;
  const UserId delegate = caller.delegate != nullptr ? caller.delegate->id : UserId{};
  if (auto loaded = load_people(reader, caller.user->id, delegate, fresh); !loaded) {
    return std::unexpected(loaded.error());
  }
  return fresh;
}

}  // namespace muster::directory
