#include "vault_api/routes.h"

#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "vault_api/audit_files.h"
#include "vault_api/audit_metadata.h"
#include "vault_api/audit_trail.h"
#include "vault_api/batches.h"
#include "vault_api/delegation.h"
#include "vault_api/discovery.h"
#include "vault_api/domains.h"
#include "vault_api/groups.h"
#include "vault_api/licenses.h"
#include "vault_api/object_records.h"
#include "vault_api/passwords.h"
#include "vault_api/permissions.h"
#include "vault_api/quotable.h"
#include "vault_api/sample_file.h"
#include "vault_api/security_policies.h"
#include "vault_api/sessions.h"
#include "vault_api/user_create.h"
#include "vault_api/user_metadata.h"
#include "vault_api/user_write.h"
#include "vault_api/users.h"
#include "vault_api/users_bulk.h"
#include "vault_api/vql.h"

namespace muster::vault_api {
namespace {

constexpr codec::AnswerFormat kJsonOnly[] = {codec::AnswerFormat::kJson};
constexpr codec::AnswerFormat kJsonOrCsv[] = {codec::AnswerFormat::kJson,
                                              codec::AnswerFormat::kCsv};
constexpr codec::AnswerFormat kAllFormats[] = {
    codec::AnswerFormat::kJson, codec::AnswerFormat::kXml, codec::AnswerFormat::kCsv};
constexpr codec::AnswerFormat kCsvOnly[] = {codec::AnswerFormat::kCsv};

constexpr Route kRoutes[] = {
    // Versions and sessions (protocol section 4).
    {.method = "GET",
     .path = "/api",
     .handler = list_versions,
     .session = SessionNeed::kOptional,
     .pool = http::Pool::kNone},
    {.method = "GET",
     .path = "/api/{version}",
     .handler = list_versions,
     .session = SessionNeed::kOptional,
     .pool = http::Pool::kNone},
    {.method = "POST",
     .path = "/api/{version}/auth",
     .handler = log_in,
     .session = SessionNeed::kNone,
     .body = BodyKind::kForm,
     .pool = http::Pool::kPassword,
     .body_bytes_max = limits::kLoginBytesMax},
    // Real clients ask their vendor's login host without a version.
    {.method = "POST",
     .path = "/auth/discovery",
     .handler = discover_login,
     .session = SessionNeed::kNone,
     .body = BodyKind::kForm,
     .body_bytes_max = limits::kLoginBytesMax,
     .offers = kJsonOnly},
    {.method = "POST",
     .path = "/api/{version}/auth/discovery",
     .handler = discover_login,
     .session = SessionNeed::kNone,
     .body = BodyKind::kForm,
     .body_bytes_max = limits::kLoginBytesMax,
     .offers = kJsonOnly},
    {.method = "POST",
     .path = "/auth/oauth/session/{id}",
     .handler = refuse_oauth,
     .session = SessionNeed::kNone,
     .body_bytes_max = limits::kLoginBytesMax},
    {.method = "POST",
     .path = "/api/{version}/auth/oauth/session/{id}",
     .handler = refuse_oauth,
     .session = SessionNeed::kNone,
     .body_bytes_max = limits::kLoginBytesMax},
    {.method = "POST", .path = "/api/{version}/keep-alive", .handler = keep_alive},
    {.method = "DELETE", .path = "/api/{version}/session", .handler = end_session},

    // Users (sections 2 and 3).
    {.method = "PUT",
     .path = "/api/{version}/objects/users",
     .handler = write_users,
     .body = BodyKind::kBulk,
     .since = kBulkUsersSince,
     .body_bytes_max = limits::kBodyBytesMax,
     .offers = kJsonOrCsv,
     .admission = admit_write_users,
     .rules = update_rules},
    {.method = "POST",
     .path = "/api/{version}/objects/users",
     .handler = create_users,
     .body = BodyKind::kFormOrBulk,
     .body_bytes_max = limits::kBodyBytesMax,
     .offers = kJsonOrCsv,
     .admission = admit_write_users,
     .rules = create_rules},
    {.method = "GET",
     .path = "/api/{version}/objects/users",
     .handler = list_users,
     .offers = kAllFormats},
    {.method = "GET",
     .path = "/api/{version}/objects/users/me",
     .handler = retrieve_me,
     .pool = http::Pool::kNone},
    {.method = "GET",
     .path = "/api/{version}/objects/users/{id}",
     .handler = retrieve_user,
     .pool = http::Pool::kNone},
    {.method = "PUT",
     .path = "/api/{version}/objects/users/me",
     .handler = update_me,
     .body = BodyKind::kObject},
    {.method = "PUT",
     .path = "/api/{version}/objects/users/{id}",
     .handler = update_user,
     .body = BodyKind::kObject},
    // Seen in the wild beside PUT.
    {.method = "POST",
     .path = "/api/{version}/objects/users/{id}",
     .handler = update_user,
     .body = BodyKind::kObject},
    {.method = "DELETE", .path = "/api/{version}/objects/users/me", .handler = refuse_disabling_me},
    {.method = "DELETE", .path = "/api/{version}/objects/users/{id}", .handler = disable_user},
    {.method = "POST",
     .path = "/api/{version}/objects/users/me/password",
     .handler = change_my_password,
     .body = BodyKind::kForm,
     .pool = http::Pool::kPassword},
    {.method = "POST",
     .path = "/api/{version}/objects/users/{id}/password",
     .handler = change_password,
     .body = BodyKind::kForm,
     .pool = http::Pool::kPassword},
    {.method = "POST",
     .path = "/muster/v1/users/{id}/password",
     .handler = reset_password,
     .body = BodyKind::kForm,
     .pool = http::Pool::kPassword},
    {.method = "PUT",
     .path = "/api/{version}/objects/users/{user_id}/vault_membership/{vault_id}",
     .handler = put_vault_membership,
     .body = BodyKind::kForm},
    {.method = "GET", .path = "/api/{version}/objects/licenses", .handler = retrieve_licenses},
    {.method = "GET",
     .path = "/api/{version}/objects/users/me/permissions",
     .handler = retrieve_my_permissions},
    {.method = "GET",
     .path = "/api/{version}/objects/users/{id}/permissions",
     .handler = retrieve_permissions},
    {.method = "GET",
     .path = "/api/{version}/metadata/objects/users",
     .handler = describe_user_fields},

    // Delegation (section 4.8).
    {.method = "GET", .path = "/api/{version}/delegation/vaults", .handler = list_delegated_vaults},
    {.method = "POST",
     .path = "/api/{version}/delegation/login",
     .handler = log_in_as_delegate,
     .body = BodyKind::kForm},

    // Security policies and domains (sections 5.1, 5.2).
    {.method = "GET",
     .path = "/api/{version}/metadata/objects/securitypolicies",
     .handler = describe_security_policies},
    {.method = "GET",
     .path = "/api/{version}/objects/securitypolicies",
     .handler = list_security_policies},
    {.method = "GET",
     .path = "/api/{version}/objects/securitypolicies/{name__v}",
     .handler = retrieve_security_policy},
    {.method = "GET", .path = "/api/{version}/objects/domain", .handler = retrieve_domain},
    {.method = "GET", .path = "/api/{version}/objects/domains", .handler = list_domains},

    // Groups (section 5.3).
    {.method = "GET",
     .path = "/api/{version}/metadata/objects/groups",
     .handler = describe_group_fields},
    {.method = "GET", .path = "/api/{version}/objects/groups", .handler = list_groups},
    {.method = "POST",
     .path = "/api/{version}/objects/groups",
     .handler = create_group,
     .body = BodyKind::kForm},
    {.method = "GET", .path = "/api/{version}/objects/groups/auto", .handler = list_auto_groups},
    {.method = "GET", .path = "/api/{version}/objects/groups/{id}", .handler = retrieve_group},
    {.method = "PUT",
     .path = "/api/{version}/objects/groups/{id}",
     .handler = update_group,
     .body = BodyKind::kForm},
    {.method = "DELETE", .path = "/api/{version}/objects/groups/{id}", .handler = delete_group},
    // Object records user__sys (section 5.4).
    {.method = "GET",
     .path = "/api/{version}/vobjects/user__sys/{id}",
     .handler = retrieve_record,
     .pool = http::Pool::kNone},
    {.method = "PUT",
     .path = "/api/{version}/vobjects/user__sys",
     .handler = write_records,
     .body = BodyKind::kBulk,
     .body_bytes_max = limits::kObjectRecordsBytesMax,
     .offers = kJsonOrCsv,
     .admission = admit_write_users,
     .rules = update_record_rules},
    {.method = "POST",
     .path = "/api/{version}/vobjects/user__sys",
     .handler = write_records,
     .body = BodyKind::kBulk,
     .body_bytes_max = limits::kObjectRecordsBytesMax,
     .offers = kJsonOrCsv,
     .admission = admit_write_users,
     .rules = create_record_rules},
    {.method = "DELETE",
     .path = "/api/{version}/vobjects/user__sys",
     .handler = refuse_record_deletion,
     .body_bytes_max = limits::kObjectRecordsBytesMax},
    {.method = "DELETE",
     .path = "/api/{version}/vobjects/user__sys/{id}",
     .handler = refuse_record_deletion},
    {.method = "GET",
     .path = "/api/{version}/vobjects/user__sys/{id}/audittrail",
     .handler = record_audit_trail,
     .offers = kJsonOrCsv},
    {.method = "GET",
     .path = "/api/{version}/metadata/vobjects/user__sys",
     .handler = describe_records},

    // Bulk calls as they were (section 7.4).
    {.method = "GET", .path = "/muster/v1/batches", .handler = list_batches},
    {.method = "GET", .path = "/muster/v1/batches/{id}", .handler = retrieve_batch},
    {.method = "POST",
     .path = "/muster/v1/batches/{id}/undo",
     .handler = undo_batch,
     .offers = kJsonOrCsv},

    // VQL (section 5.5).
    {.method = "POST",
     .path = "/api/{version}/query",
     .handler = run_query,
     .body = BodyKind::kForm},
    {.method = "GET", .path = "/api/{version}/query", .handler = run_query},
    {.method = "POST", .path = "/api/{version}/query/{query}", .handler = continue_query},
    {.method = "GET", .path = "/api/{version}/query/{query}", .handler = continue_query},

    // Audit trail (section 5.6).
    {.method = "GET", .path = "/api/{version}/metadata/audittrail", .handler = list_audit_trails},
    {.method = "GET",
     .path = "/api/{version}/metadata/audittrail/{trail}",
     .handler = describe_audit_trail},
    {.method = "GET",
     .path = "/api/{version}/audittrail/domain_audit_trail",
     .handler = domain_audit_trail,
     .offers = kJsonOrCsv},
    {.method = "GET",
     .path = "/api/{version}/audittrail/login_audit_trail",
     .handler = login_audit_trail,
     .offers = kJsonOrCsv},
    {.method = "GET",
     .path = "/api/{version}/audittrail/object_audit_trail",
     .handler = object_audit_trail,
     .offers = kJsonOrCsv},
    {.method = "GET",
     .path = "/api/{version}/audittrail/system_audit_trail",
     .handler = system_audit_trail,
     .offers = kJsonOrCsv},

    {.method = "GET", .path = "/api/{version}/services/jobs/{id}", .handler = retrieve_job},
    {.method = "GET",
     .path = "/api/{version}/services/jobs/{id}/file",
     .handler = read_job_file,
     .offers = kCsvOnly},
    {.method = "GET",
     .path = "/sample-files/vault-update-users-sample-csv-input.csv",
     .handler = sample_update_file,
     .session = SessionNeed::kNone,
     .offers = kCsvOnly},
};

// Why no row fits: no template matched, or only those of other methods did.
std::unexpected<Error> no_route(std::string_view method, std::string_view path, bool known_path) {
  if (!known_path) {
    return fail(ErrorType::kMalformedUrl, "Unknown URL path [" + excerpt(path) + "].");
  }
  return fail(ErrorType::kMethodNotSupported,
              "Method [" + quotable(method) + "] is not supported on [" + excerpt(path) + "].");
}

Result<RouteMatch> in_version(RouteMatch match) {
  const auto text = match.path.find("version");
  if (text == match.path.end()) return match;
  match.version = find_version(text->second);
  if (!match.version) {
    return fail(ErrorType::kMalformedUrl, "Unknown API version [" + excerpt(text->second) + "].");
  }
  if (*match.version < match.route->since) {
    return fail(ErrorType::kMethodNotSupported,
                "This call exists from API version " + to_string(match.route->since) + " on.");
  }
  return match;
}

}  // namespace

std::span<const Route> all_routes() { return kRoutes; }

Result<RouteMatch> find_route(std::string_view method, std::string_view path) {
  const auto segments = split_path(path);
  if (!segments) return std::unexpected(segments.error());
  bool known_path = false;
  for (const Route& route : kRoutes) {
    auto arguments = match_path(route.path, *segments);
    if (!arguments) continue;
    if (route.method == method) {
      return in_version({.route = &route, .path = std::move(*arguments), .version = {}});
    }
    const auto version = arguments->find("version");
    known_path |= version == arguments->end() || find_version(version->second).has_value();
  }
  return no_route(method, path, known_path);
}

}  // namespace muster::vault_api
