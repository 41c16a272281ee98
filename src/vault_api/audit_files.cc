#include "vault_api/audit_files.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "base/text.h"
#include "base/time.h"
#include "vault_api/audit_cells.h"
#include "vault_api/audit_query.h"
#include "vault_api/envelope.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {
namespace {

using directory::AuditPage;
using directory::AuditQuery;
using directory::DomainAuditRow;
using directory::LoginAuditRow;
using directory::Reader;

constexpr std::size_t kFilesMax = 1'000;
constexpr std::int64_t kRowsPerPiece = 1'000;

template <typename Row>
class TrailRows final : public http::BodySource {
 public:
  using Read = Result<AuditPage<Row>> (Reader::*)(const AuditQuery&);

  TrailRows(directory::Store& store, const AuditQuery& query, Read read)
      : store_(store), query_(query), read_(read) {
    query_.offset = 0;
    query_.limit = kRowsPerPiece;
  }

  // Rows that come meanwhile lie after the period: nothing moves from page to page.
  std::string next() override {
    std::string text;
    const auto done = store_.read([&](Reader& reader) -> Result<void> {
      const auto page = (reader.*read_)(query_);
      if (!page) return std::unexpected(page.error());
      text = csv_rows(page->rows);
      return {};
    });
    if (!done) throw std::runtime_error(done.error().message);
    query_.offset += kRowsPerPiece;
    return text;
  }

 private:
  directory::Store& store_;
  AuditQuery query_;
  const Read read_;
};

// Null: nobody writes to the trail.
std::unique_ptr<http::BodySource> rows_of(const AuditFile& file, directory::Store& store) {
  if (file.trail == &kDomainTrail) {
    return std::make_unique<TrailRows<DomainAuditRow>>(store, file.query, &Reader::domain_audit);
  }
  if (file.trail == &kLoginTrail) {
    return std::make_unique<TrailRows<LoginAuditRow>>(store, file.query, &Reader::login_audit);
  }
  return nullptr;
}

std::string job_url(const RequestContext& context, std::int64_t id) {
  return "/api/" + to_string(*context.facts.version) + "/services/jobs/" + std::to_string(id);
}

Result<AuditFile> find_file(const RequestContext& context) {
  const std::string& text = context.path.at("id");
  const auto id = parse_digits<std::int64_t>(text);
  auto file = context.state.audit_files.find(id.value_or(0), context.caller().user->id);
  if (file) return *std::move(file);
  return fail(ErrorType::kInvalidData, "Job [" + excerpt(text) + "] does not exist.");
}

void write_link(codec::JsonWriter& json, std::string_view relation, const std::string& address,
                std::string_view accept) {
  json.begin_object();
  json.member("rel", relation);
  json.member("href", address);
  json.member("method", "GET");
  json.member("accept", accept);
  json.end_object();
}

}  // namespace

std::int64_t AuditFiles::add(AuditFile file) {
  const std::lock_guard lock(mutex_);
  file.id = next_id_++;
  files_.push_back(file);
  if (files_.size() > kFilesMax) files_.pop_front();
  return file.id;
}

std::optional<AuditFile> AuditFiles::find(std::int64_t id, directory::UserId user) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(files_, id, &AuditFile::id);
  if (found == files_.end() || found->user_id != user) return std::nullopt;
  return *found;
}

bool AuditFiles::take_all_dates(directory::UserId user, const Trail& trail, Timestamp now) {
  const std::lock_guard lock(mutex_);
  const Timestamp yesterday = now - std::chrono::days{1};
  std::erase_if(all_dates_, [&](const auto& taken) { return taken.second <= yesterday; });
  return all_dates_.emplace(std::pair(user, trail.name), now).second;
}

bool wants_file(const RequestContext& context) {
  return equals_ignoring_case(trim(context.parameter("format_result")), "csv");
}

Result<Answer> start_audit_file(const RequestContext& context, const Trail& trail) {
  const auto query = read_audit_query(context);
  if (!query) return std::unexpected(query.error());
  const Timestamp now = context.state.dependencies.clock.now();
  const directory::UserId user = context.caller().user->id;
  AuditFiles& files = context.state.audit_files;
  if (query->from == Timestamp{} && !files.take_all_dates(user, trail, now)) {
    return fail(ErrorType::kOperationNotAllowed,
                "All dates of a trail can be asked for once in 24 hours.");
  }
  AuditFile file{.user_id = user, .trail = &trail, .query = *query, .created = now};
  file.query.to = std::min(query->to, now);
  const std::int64_t id = files.add(file);
  codec::JsonWriter json = begin_success();
  json.member("jobId", std::to_string(id));
  json.member("url", job_url(context, id));
  return end_success(json);
}

Result<Answer> retrieve_job(const RequestContext& context) {
  const auto file = find_file(context);
  if (!file) return std::unexpected(file.error());
  const std::string created = format_date_time(file->created);
  codec::JsonWriter json = begin_success();
  json.key("data");
  json.begin_object();
  json.member("id", std::to_string(file->id));
  json.member("status", "SUCCESS");
  json.member("created_by", file->user_id.value);
  for (const std::string_view time : {"created_date", "run_start_date", "run_end_date"}) {
    json.member(time, created);
  }
  json.key("links");
  json.begin_array();
  const std::string url = job_url(context, file->id);
  write_link(json, "self", url, "application/json");
  write_link(json, "content", url + "/file", "text/csv");
  json.end_array();
  json.end_object();
  return end_success(json);
}

Result<Answer> read_job_file(const RequestContext& context) {
  const auto file = find_file(context);
  if (!file) return std::unexpected(file.error());
  return Answer{.body = csv_header(*file->trail),
                .format = codec::AnswerFormat::kCsv,
                .rest = rows_of(*file, context.state.dependencies.store)};
}

}  // namespace muster::vault_api
