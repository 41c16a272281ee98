#include "vault_api/vql.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "codec/vql.h"
#include "vault_api/envelope.h"
#include "vault_api/query_target.h"
#include "vault_api/vql_binding.h"
#include "vault_api/vql_page.h"

namespace muster::vault_api {
namespace {

struct QueryCall {
  const RequestContext& context;
  std::string_view text;
  const codec::VqlQuery& query;
  const QueryPage& page;
};

void write_described_field(codec::JsonWriter& json, const QueryField& field) {
  json.begin_object();
  json.member("name", field.name);
  json.member("type", field.type);
  json.member("required", field.required);
  if (!field.label.empty()) json.member("label", field.label);
  if (field.length > 0) json.member("max_length", field.length);
  json.end_object();
}

void write_description(codec::JsonWriter& json, const QueryTarget& target,
                       const std::vector<const QueryField*>& columns) {
  json.key("queryDescribe");
  json.begin_object();
  json.key("object");
  json.begin_object();
  json.member("name", target.name);
  json.member("label", target.label);
  json.member("label_plural", target.label_plural);
  json.end_object();
  json.key("fields");
  json.begin_array();
  for (const QueryField* field : columns) write_described_field(json, *field);
  json.end_array();
  json.end_object();
}

void write_rows(codec::JsonWriter& json, const RequestContext& context, const QueryTarget& target,
                const BoundQuery& bound, const std::vector<directory::UserPtr>& users) {
  const ValueScope scope{*context.caller().domain, context.caller().vault_id};
  json.key("data");
  json.begin_array();
  for (const directory::UserPtr& user : users) {
    json.begin_object();
    for (const QueryField* column : bound.columns) {
      json.key(column->name);
      target.write(json, *column, *user, scope);
    }
    json.end_object();
  }
  json.end_array();
}

Result<Answer> answer_query(const QueryCall& call, const QueryTarget& target) {
  const RequestContext& context = call.context;
  auto bound = bind_query(call.query, target, *context.caller().domain);
  if (!bound) return std::unexpected(bound.error());
  const auto page = context.state.dependencies.users.query_users(
      context.caller(), {.vault = context.caller().vault_id,
                         .filter = std::move(bound->filter),
                         .order = bound->order,
                         .start = call.page.first_row(),
                         .limit = call.page.row_limit()});
  if (!page) return std::unexpected(page.error());

  codec::JsonWriter json = begin_success();
  if (equals_ignoring_case(context.request.headers.get("X-VaultAPI-DescribeQuery"), "true")) {
    write_description(json, target, bound->columns);
  }
  write_query_details(json, context, call.text, call.page,
                      {page->users.size(), call.page.total(page->total)});
  write_rows(json, context, target, *bound, page->users);
  return end_success(json);
}

// What is asked for exists elsewhere, but this server has none of it.
Answer nothing_here(const QueryCall& call) {
  codec::JsonWriter json = begin_answer(ResponseStatus::kWarning);
  write_warnings(json, "NO_DATA",
                 "[" + printable_excerpt(call.query.target.text) +
                     "] has no records here; this server holds users and user__sys.");
  write_query_details(json, call.context, call.text, call.page, {.size = 0, .total = 0});
  json.key("data");
  json.begin_array();
  json.end_array();
  return end_answer(json, ResponseStatus::kWarning);
}

Result<Answer> run(const RequestContext& context, std::string_view text) {
  const auto query = codec::parse_vql(text);
  if (!query) return std::unexpected(query.error());
  const auto page = read_query_page(context, *query);
  if (!page) return std::unexpected(page.error());
  const QueryCall call{context, text, *query, *page};
  const QueryTarget* target = find_query_target(query->target.text);
  if (target == nullptr) return nothing_here(call);
  return answer_query(call, *target);
}

}  // namespace

Result<Answer> run_query(const RequestContext& context) {
  const std::string_view text = context.form_or_query("q");
  if (trim(text).empty()) {
    return fail(ErrorType::kParameterRequired, "Missing required parameter [q]");
  }
  return run(context, text);
}

Result<Answer> continue_query(const RequestContext& context) {
  const std::string& id = context.path.at("query");
  const auto text = context.state.long_queries.find(id, context.state.dependencies.clock.steady());
  if (!text) {
    return fail(ErrorType::kInvalidData,
                "Query [" + excerpt(id) + "] is not known any more; send it again.");
  }
  return run(context, *text);
}

}  // namespace muster::vault_api
