#include "vault_api/audit_query.h"

#include <algorithm>
#include <chrono>
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/paging.h"

namespace muster::vault_api {
namespace {

using directory::AuditQuery;
using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr days kPeriodMax{30};

Result<Timestamp> read_date(const RequestContext& context, std::string_view name,
                            Timestamp otherwise) {
  const auto text = trim(context.parameter(name));
  if (text.empty()) return otherwise;
  const auto date = parse_date_time(text);
  if (!date) {
    return fail(ErrorType::kInvalidData, "Invalid value [" + excerpt(text) + "] for parameter [" +
                                             std::string(name) + "]; send YYYY-MM-DDTHH:MM:SSZ.");
  }
  return *date;
}

// Rows show whole seconds, so an end of 07:01:13 includes all of that second.
Timestamp end_of_second(Timestamp at) {
  return std::chrono::floor<seconds>(at) + seconds{1} - milliseconds{1};
}

Result<void> check_period(const AuditQuery& query, Timestamp now) {
  if (query.to < query.from) {
    return fail(ErrorType::kInvalidData, "[end_date] lies before [start_date].");
  }
  if (query.from < std::chrono::floor<days>(now) - kPeriodMax) {
    return fail(ErrorType::kInvalidData, "[start_date] lies more than 30 days back.");
  }
  return {};
}

Result<void> check_format(const RequestContext& context) {
  const auto all_dates = read_flag("all_dates", context.parameter("all_dates"), false);
  if (!all_dates) return std::unexpected(all_dates.error());
  if (*all_dates) {
    return fail(ErrorType::kInvalidData,
                "Parameter [all_dates] is not supported; read the last 30 days by pages.");
  }
  if (!context.parameter("format_result").empty()) {
    return fail(ErrorType::kInvalidData,
                "Parameter [format_result] is not supported; send Accept: text/csv for CSV pages.");
  }
  return {};
}

std::string page_url(const RequestContext& context, const AuditQuery& query, std::int64_t offset) {
  return std::string(context.request.path) + "?start_date=" + format_audit_time(query.from) +
         "&end_date=" + format_audit_time(query.to) + "&limit=" + std::to_string(query.limit) +
         "&offset=" + std::to_string(offset);
}

}  // namespace

std::string trail_metadata_url(const RequestContext& context, const Trail& trail) {
  return "/api/" + to_string(*context.facts.version) + "/metadata/audittrail/" +
         std::string(trail.name);
}

Result<AuditQuery> read_audit_query(const RequestContext& context) {
  if (auto supported = check_format(context); !supported) {
    return std::unexpected(supported.error());
  }
  const Timestamp now = context.state.dependencies.clock.now();
  const auto from = read_date(context, "start_date", std::chrono::floor<days>(now) - days{1});
  if (!from) return std::unexpected(from.error());
  const auto to = read_date(context, "end_date", now);
  if (!to) return std::unexpected(to.error());
  const auto page = read_page(context, "offset", PageTooLong::kRefuse);
  if (!page) return std::unexpected(page.error());

  const AuditQuery query{.from = std::chrono::floor<seconds>(*from),
                         .to = end_of_second(*to),
                         .offset = page->start,
                         .limit = page->limit};
  if (auto valid = check_period(query, now); !valid) return std::unexpected(valid.error());
  return query;
}

void write_details(codec::JsonWriter& json, const RequestContext& context, const Trail& trail,
                   const PageFacts& page) {
  const AuditQuery& query = page.query;
  const std::int64_t next = query.offset + query.limit;
  json.key("responseDetails");
  json.begin_object();
  json.member("offset", query.offset);
  json.member("limit", query.limit);
  json.member("size", page.size);
  json.member("total", page.total);
  json.key("object");
  json.begin_object();
  json.member("name", trail.name);
  json.member("label", trail.label);
  json.member("url", trail_metadata_url(context, trail));
  json.end_object();
  if (next < page.total) json.member("next_page", page_url(context, query, next));
  if (query.offset > 0) {
    const std::int64_t previous = std::max<std::int64_t>(0, query.offset - query.limit);
    json.member("previous_page", page_url(context, query, previous));
  }
  json.end_object();
}

}  // namespace muster::vault_api
