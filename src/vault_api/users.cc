#include "vault_api/users.h"

#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "directory/user_fields.h"
#include "vault_api/envelope.h"
#include "vault_api/paging.h"
#include "vault_api/user_export.h"
#include "vault_api/user_object.h"
#include "vault_api/user_write.h"

namespace muster::vault_api {
namespace {

// Only the literal "false" includes what is left out by default.
UserExtras read_extras(const RequestContext& context) {
  return {.memberships = context.parameter("exclude_vault_membership") == "false",
          .app_licensing = context.parameter("exclude_app_licensing") == "false",
          .delegate_user_id = {}};
}

// "{field} asc" or "{field} desc"; the direction may be left out.
Result<void> read_sort(std::string_view text, directory::UserQuery& query) {
  text = trim(text);
  if (text.empty()) return {};
  const std::size_t blank = text.find(' ');
  const auto name = text.substr(0, blank);
  const auto direction = blank == text.npos ? "asc" : trim(text.substr(blank + 1));
  const directory::Field* field = directory::find_field(name);
  query.descending = equals_ignoring_case(direction, "desc");
  if (field == nullptr || !field->queryable ||
      (!query.descending && !equals_ignoring_case(direction, "asc"))) {
    return fail(ErrorType::kInvalidData, "Invalid value [" + excerpt(text) + "] for [sort].");
  }
  query.sort = field->id;
  return {};
}

Result<directory::UserQuery> read_query(const RequestContext& context) {
  directory::UserQuery query;
  query.session_vault = context.caller().vault_id;
  const auto page = read_page(context, "start", PageTooLong::kShorten);
  if (!page) return std::unexpected(page.error());
  query.start = page->start;
  query.limit = page->limit;
  if (auto sort = read_sort(context.parameter("sort"), query); !sort) {
    return std::unexpected(sort.error());
  }
  return query;
}

Answer one_user(const RequestContext& context, const directory::User& user, UserExtras extras) {
  codec::JsonWriter json = begin_success();
  json.key("users");
  json.begin_array();
  UserObjects(context.caller(), extras).write(json, user);
  json.end_array();
  return end_success(json);
}

}  // namespace

Result<Answer> list_users(const RequestContext& context) {
  if (context.answer_format == codec::AnswerFormat::kCsv) return export_users(context);
  const auto query = read_query(context);
  if (!query) return std::unexpected(query.error());
  const auto page = context.state.dependencies.users.list_users(
      context.caller(), context.parameter("vaults"), *query);
  if (!page) return std::unexpected(page.error());

  codec::JsonWriter json = begin_success();
  json.member("size", page->users.size());
  json.member("start", query->start);
  json.member("limit", query->limit);
  json.member("sort", std::string(directory::field(query->sort).name) +
                          (query->descending ? " desc" : " asc"));
  json.member("total", page->total);
  json.key("users");
  json.begin_array();
  const UserObjects objects(context.caller(), read_extras(context));
  for (const auto& user : page->users) objects.write(json, *user);
  json.end_array();
  return end_success(json);
}

Result<Answer> retrieve_user(const RequestContext& context) {
  const auto id = read_user_id(context.path.at("id"));
  if (!id) return std::unexpected(id.error());
  const auto user = context.state.dependencies.users.retrieve_user(context.caller(), *id);
  if (!user) return std::unexpected(user.error());
  return one_user(context, **user, read_extras(context));
}

Result<Answer> retrieve_me(const RequestContext& context) {
  const directory::Caller& caller = context.caller();
  UserExtras extras = read_extras(context);
  if (caller.delegate) extras.delegate_user_id = caller.delegate->id;
  return one_user(context, *caller.user, extras);
}

}  // namespace muster::vault_api
