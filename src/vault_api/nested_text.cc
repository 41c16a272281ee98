#include "vault_api/nested_text.h"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/text.h"
#include "directory/user_fields.h"

namespace muster::vault_api {
namespace json = boost::json;
using directory::FieldId;
namespace {

std::unexpected<Error> invalid(FieldId id, const std::string& why) {
  return fail(ErrorType::kInvalidData,
              "Invalid value for field [" + std::string(directory::field(id).name) + "]: " + why);
}

// The scalars of one object in the order of `names`; empty where absent or null.
struct Shape {
  FieldId field;
  std::span<const std::string_view> names;
};

std::string_view active_name() { return directory::field(FieldId::kActive).name; }
std::string_view license_name() { return directory::field(FieldId::kLicenseType).name; }

Result<std::string> scalar_text(FieldId field, std::string_view name, const json::value& value) {
  if (value.is_null()) return std::string();
  if (value.is_bool()) return std::string(value.get_bool() ? "true" : "false");
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (!value.is_string()) {
    return invalid(field, "[" + std::string(name) + "] takes a single value.");
  }
  const std::string_view text = value.get_string();
  // Separators would smuggle a second membership into this one.
  if (text.find_first_of(":;,|") != text.npos) {
    return invalid(field, "[" + std::string(name) + "] is [" + excerpt(text) + "].");
  }
  return std::string(text);
}

Result<std::vector<std::string>> read_object(const Shape& shape, const json::object& object) {
  std::vector<std::string> parts(shape.names.size());
  for (const auto& member : object) {
    const std::string_view key = member.key();
    const auto name = std::ranges::find(shape.names, key);
    if (name == shape.names.end()) {
      return invalid(shape.field, "unknown key [" + excerpt(key) + "].");
    }
    auto text = scalar_text(shape.field, key, member.value());
    if (!text) return std::unexpected(text.error());
    parts[static_cast<std::size_t>(name - shape.names.begin())] = std::move(*text);
  }
  return parts;
}

void append(std::string& list, char separator, std::string_view item) {
  if (!list.empty()) list += separator;
  list += item;
}

Result<std::string> membership_text(const json::object& object) {
  const std::array<std::string_view, 5> names = {
      directory::field(FieldId::kId).name, "vault_id", active_name(),
      directory::field(FieldId::kSecurityProfile).name, license_name()};
  const auto parts = read_object({FieldId::kVaultMembership, names}, object);
  if (!parts) return std::unexpected(parts.error());
  const std::string& vault = (*parts)[0].empty() ? (*parts)[1] : (*parts)[0];
  if (vault.empty()) return invalid(FieldId::kVaultMembership, "[vault_id] is missing.");
  if (!(*parts)[0].empty() && !(*parts)[1].empty()) {
    return invalid(FieldId::kVaultMembership, "[id] and [vault_id] name the vault twice.");
  }
  return vault + ":" + (*parts)[2] + ":" + (*parts)[3] + ":" + (*parts)[4];
}

// One group per vault, as the text form wants it, in order of first appearance.
class LicensingText {
 public:
  Result<void> add(const json::object& object) {
    const std::array<std::string_view, 4> names = {"vault_id", "application_name", active_name(),
                                                   license_name()};
    const auto parts = read_object({FieldId::kAppLicensing, names}, object);
    if (!parts) return std::unexpected(parts.error());
    if ((*parts)[0].empty() || (*parts)[1].empty()) {
      return invalid(FieldId::kAppLicensing, "[vault_id] or [application_name] is missing.");
    }
    append(group((*parts)[0]), '|', (*parts)[1] + ":" + (*parts)[2] + ":" + (*parts)[3]);
    return {};
  }
  void add(std::string_view text) { append(texts_, ';', text); }

  [[nodiscard]] std::string take() {
    for (const auto& [vault, applications] : groups_) {
      append(texts_, ';', vault);
      append(texts_, '|', applications);
    }
    return std::move(texts_);
  }

 private:
  std::string& group(const std::string& vault) {
    auto found = std::ranges::find(groups_, vault, &std::pair<std::string, std::string>::first);
    if (found == groups_.end()) found = groups_.insert(groups_.end(), {vault, ""});
    return found->second;
  }

  std::string texts_;
  std::vector<std::pair<std::string, std::string>> groups_;
};

Result<std::string> memberships_text(const json::array& items) {
  std::string list;
  for (const json::value& item : items) {
    if (item.is_string()) {
      append(list, ';', item.get_string());
    } else if (item.is_object()) {
      const auto text = membership_text(item.get_object());
      if (!text) return text;
      append(list, ';', *text);
    } else {
      return invalid(FieldId::kVaultMembership, "an element is neither text nor object.");
    }
  }
  return list;
}

Result<std::string> licensing_text(const json::array& items) {
  LicensingText list;
  for (const json::value& item : items) {
    if (item.is_string()) {
      list.add(item.get_string());
    } else if (item.is_object()) {
      if (auto added = list.add(item.get_object()); !added) return std::unexpected(added.error());
    } else {
      return invalid(FieldId::kAppLicensing, "an element is neither text nor object.");
    }
  }
  return list.take();
}

}  // namespace

bool takes_nested_value(FieldId field) {
  return field == FieldId::kVaultMembership || field == FieldId::kAppLicensing;
}

Result<std::string> nested_text(FieldId field, std::string_view text) {
  json::error_code broken;
  const json::value value = json::parse(text, broken);
  if (broken || !value.is_array()) return invalid(field, "text or an array is expected.");
  return field == FieldId::kAppLicensing ? licensing_text(value.get_array())
                                         : memberships_text(value.get_array());
}

}  // namespace muster::vault_api
