// Period and page of an audit trail: read from the query string, told back in
// responseDetails with the links to the neighbouring pages (protocol section 5.6).
// Pure functions, safe from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "codec/json_writer.h"
#include "directory/audit.h"
#include "vault_api/audit_fields.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

// Where describe_audit_trail() answers, relative to the host.
[[nodiscard]] std::string trail_metadata_url(const RequestContext& context, const Trail& trail);

// kInvalidData: a date that is none, a period that is reversed or not within the last 30 days,
// limit or offset out of range, another format_result than csv, all_dates=true without it. With it
// the period begins at 1970.
[[nodiscard]] Result<directory::AuditQuery> read_audit_query(const RequestContext& context);

struct PageFacts {
  const directory::AuditQuery& query;
  std::size_t size;    // rows on this page
  std::int64_t total;  // rows of the period
};

// "responseDetails": {...}. Links are relative to the host and keep the period as it was
// resolved, so that pages of one walk fit together.
void write_details(codec::JsonWriter& json, const RequestContext& context, const Trail& trail,
                   const PageFacts& page);

}  // namespace muster::vault_api
