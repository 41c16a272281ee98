#include "vault_api/vql_page.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "base/text.h"

namespace muster::vault_api {
namespace {

Result<std::int64_t> read_number(const RequestContext& context, std::string_view name,
                                 std::int64_t otherwise) {
  const std::string_view text = context.parameter(name);
  if (text.empty()) return otherwise;
  const auto number = parse_digits<std::int64_t>(text);
  if (number && *number <= limits::kPageStartMax) return *number;
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(text) + "] for parameter [" + std::string(name) + "].");
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  encoded.reserve(text.size() * 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const std::string_view one(&c, 1);
    if (is_word(one) || c == '-' || c == '.' || c == '~') {
      encoded += c;
      continue;
    }
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 15U];
  }
  return encoded;
}

// The part of the links that all pages share.
std::string link_to_query(const RequestContext& context, std::string_view text) {
  const std::string path = "/api/" + to_string(*context.facts.version) + "/query";
  const auto id = context.path.find("query");
  if (id != context.path.end()) return path + "/" + id->second + "?";
  std::string link = path + "?q=" + percent_encoded(text) + "&";
  if (link.size() <= limits::kPageLinkBytesMax) return link;
  const directory::Clock& clock = context.state.dependencies.clock;
  return path + "/" +
         context.state.long_queries.keep(text, context.state.dependencies.random, clock.steady()) +
         "?";
}

std::string link_to_page(const std::string& query, std::int64_t size, std::int64_t offset) {
  return query + "pagesize=" + std::to_string(size) + "&pageoffset=" + std::to_string(offset);
}

}  // namespace

std::int64_t QueryPage::row_limit() const {
  return std::clamp<std::int64_t>(max_rows - offset, 0, size);
}

std::int64_t QueryPage::total(std::int64_t matching) const {
  return std::clamp<std::int64_t>(matching - skip, 0, max_rows);
}

Result<QueryPage> read_query_page(const RequestContext& context, const codec::VqlQuery& query) {
  const auto size =
      read_number(context, "pagesize", query.page_size.value_or(limits::kPageSizeMax));
  if (!size) return std::unexpected(size.error());
  const auto offset = read_number(context, "pageoffset", query.page_offset.value_or(0));
  if (!offset) return std::unexpected(offset.error());
  return QueryPage{.size = std::min(*size, limits::kPageSizeMax),
                   .offset = *offset,
                   .skip = query.skip.value_or(0),
                   .max_rows = query.max_rows.value_or(limits::kPageStartMax)};
}

void write_query_details(codec::JsonWriter& json, const RequestContext& context,
                         std::string_view text, const QueryPage& page, QueryResultSize result) {
  const std::int64_t next = page.offset + page.size;
  const bool has_next = page.size > 0 && next < result.total;
  const bool has_previous = page.size > 0 && page.offset > 0 && result.total > 0;
  json.key("responseDetails");
  json.begin_object();
  json.member("pagesize", page.size);
  json.member("pageoffset", page.offset);
  json.member("size", result.size);
  json.member("total", result.total);
  if (has_next || has_previous) {
    const std::string link = link_to_query(context, text);
    if (has_previous) {
      const std::int64_t previous = std::max<std::int64_t>(page.offset - page.size, 0);
      json.member("previous_page", link_to_page(link, page.size, previous));
    }
    if (has_next) json.member("next_page", link_to_page(link, page.size, next));
  }
  json.end_object();
}

}  // namespace muster::vault_api
