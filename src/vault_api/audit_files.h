// A whole audit trail as a CSV file: the job form of protocol 5.6. There is nothing to wait for:
// the job is done when it is asked for, and its file is made while it is read.
//
//   GET /audittrail/login_audit_trail?format_result=csv  ->  {"jobId":"...","url":"..."}
//   GET /services/jobs/{id}                              ->  status and the file's address
//   GET /services/jobs/{id}/file                         ->  CSV, streamed
//
// Handlers are thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "directory/audit.h"
#include "vault_api/answer.h"
#include "vault_api/audit_fields.h"

namespace muster::vault_api {

struct RequestContext;

struct AuditFile {
  std::int64_t id = 0;  // given by AuditFiles
  directory::UserId user_id;
  const Trail* trail = nullptr;
  directory::AuditQuery query;  // its period
  Timestamp created{};
};

// The files that were asked for, the newest of all users. Thread-safe.
class AuditFiles {
 public:
  // Its id.
  [[nodiscard]] std::int64_t add(AuditFile file);
  [[nodiscard]] std::optional<AuditFile> find(std::int64_t id, directory::UserId user) const;
  // False: the user asked for all dates of this trail within the last day already.
  [[nodiscard]] bool take_all_dates(directory::UserId user, const Trail& trail, Timestamp now);

 private:
  mutable std::mutex mutex_;
  std::deque<AuditFile> files_;  // ascending ids
  std::int64_t next_id_ = 1;
  std::map<std::pair<directory::UserId, std::string_view>, Timestamp> all_dates_;
};

// Whether the call has format_result=csv.
[[nodiscard]] bool wants_file(const RequestContext& context);
// Answers jobId and url. REQUIRES: the caller may read the trail. Errors: those of
// read_audit_query(); kOperationNotAllowed for all_dates=true a second time in a day.
[[nodiscard]] Result<Answer> start_audit_file(const RequestContext& context, const Trail& trail);

// GET /services/jobs/{id} and /services/jobs/{id}/file. kInvalidData: no such job of this user.
[[nodiscard]] Result<Answer> retrieve_job(const RequestContext& context);
[[nodiscard]] Result<Answer> read_job_file(const RequestContext& context);

}  // namespace muster::vault_api
