// Which rows of a query's result a call shows, and the links to the rows before and after
// (protocol section 5.5).
//
//   auto page = read_query_page(context, *query);
//   scan.start = page->first_row(); scan.limit = page->row_limit();
//   write_query_details(json, context, *page, {...});
//
// Pure functions but for the queries that are kept for long links.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "codec/json_writer.h"
#include "codec/vql.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

struct QueryPage {
  std::int64_t size = 0;    // PAGESIZE, at most kPageSizeMax
  std::int64_t offset = 0;  // PAGEOFFSET
  std::int64_t skip = 0;
  std::int64_t max_rows = 0;

  // Of the users that match.
  [[nodiscard]] std::int64_t first_row() const { return skip + offset; }
  [[nodiscard]] std::int64_t row_limit() const;
  // The rows of the whole result, when so many users match.
  [[nodiscard]] std::int64_t total(std::int64_t matching) const;
};

// The clauses of the query; `pagesize` and `pageoffset` of a page link stand above them.
// kInvalidData: one of these is no number.
[[nodiscard]] Result<QueryPage> read_query_page(const RequestContext& context,
                                                const codec::VqlQuery& query);

struct QueryResultSize {
  std::size_t size;    // rows on this page
  std::int64_t total;  // of the result
};

// "responseDetails": {...}. `text` is the query; a link carries it as long as it fits, so that
// pages need nothing of the server.
void write_query_details(codec::JsonWriter& json, const RequestContext& context,
                         std::string_view text, const QueryPage& page, QueryResultSize result);

}  // namespace muster::vault_api
