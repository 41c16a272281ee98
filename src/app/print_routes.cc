#include "app/print_routes.h"

#include <string_view>
#include <utility>

#include "app/operations.h"
#include "codec/media_type.h"
#include "vault_api/routes.h"

namespace muster::app {
namespace {

std::string_view name_of(vault_api::SessionNeed need) {
  switch (need) {
    case vault_api::SessionNeed::kNone:
      return "none";
    case vault_api::SessionNeed::kOptional:
      return "optional";
    case vault_api::SessionNeed::kRequired:
      return "required";
  }
  std::unreachable();
}

// "application/json;charset=UTF-8" is read as "application/json".
std::string formats_of(const vault_api::Route& route) {
  std::string formats;
  for (const codec::AnswerFormat format : route.offers) {
    if (!formats.empty()) formats += ',';
    const std::string_view type = codec::content_type(format);
    formats += type.substr(0, type.find(';'));
  }
  return formats;
}

void add_line(std::string& text, std::string_view method, std::string_view path,
              std::string_view session, std::string_view formats) {
  for (const std::string_view part : {method, path, session}) (text += part) += ' ';
  (text += formats) += '\n';
}

}  // namespace

std::string routes_text() {
  std::string text;
  for (const vault_api::Route& route : vault_api::all_routes()) {
    add_line(text, route.method, route.path, name_of(route.session), formats_of(route));
  }
  for (const OperationsPath& row : operations_paths()) {
    add_line(text, "GET", row.path, "none", row.content_type.substr(0, row.content_type.find(';')));
  }
  return text;
}

}  // namespace muster::app
