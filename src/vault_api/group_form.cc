#include "vault_api/group_form.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "directory/value_rules.h"

namespace muster::vault_api {
namespace {

using directory::GroupChange;
using directory::MemberEdit;
using directory::UserId;

std::unexpected<Error> invalid(const codec::FormField& field) {
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(field.value) + "] for field [" + field.name + "].");
}

std::string read_text(const codec::FormField& field) {
  return directory::without_non_xml_characters(trim(field.value));
}

// "a, b" -> a, b. Empty for a blank text.
std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> entries;
  text = trim(text);
  while (!text.empty()) {
    const auto comma = text.find(',');
    entries.push_back(trim(text.substr(0, comma)));
    if (comma == text.npos) break;
    text.remove_prefix(comma + 1);
    if (text.empty()) entries.emplace_back();
  }
  return entries;
}

// Takes "word (" and ")" off `text` when it has them.
bool take_call(std::string_view& text, std::string_view word) {
  if (!equals_ignoring_case(text.substr(0, word.size()), word)) return false;
  const std::string_view rest = trim(text.substr(word.size()));
  if (!rest.starts_with('(') || !rest.ends_with(')')) return false;
  text = rest.substr(1, rest.size() - 2);
  return true;
}

Result<MemberEdit> read_members(const codec::FormField& field) {
  MemberEdit edit;
  std::string_view text = trim(field.value);
  if (take_call(text, "add")) {
    edit.how = MemberEdit::How::kAdd;
  } else if (take_call(text, "delete")) {
    edit.how = MemberEdit::How::kDelete;
  }
  for (const std::string_view entry : split_list(text)) {
    const auto id = directory::parse_id<UserId>(entry);
    if (!id) return invalid(field);
    edit.ids.push_back(*id);
  }
  return edit;
}

Result<void> read_flag(const codec::FormField& field, std::optional<bool>& flag) {
  const std::string_view text = trim(field.value);
  if (text.empty()) return {};
  flag = directory::parse_boolean(text);
  return flag ? Result<void>() : invalid(field);
}

Result<void> read_field(const codec::FormField& field, GroupChange& change) {
  if (field.name == "label__v") {
    change.label = read_text(field);
  } else if (field.name == "group_description__v") {
    change.description = read_text(field);
  } else if (field.name == "members__v") {
    auto members = read_members(field);
    if (!members) return std::unexpected(members.error());
    change.members = *std::move(members);
  } else if (field.name == "security_profiles__v") {
    const auto names = split_list(field.value);
    change.security_profiles.emplace(names.begin(), names.end());
  } else if (field.name == "active__v") {
    return read_flag(field, change.active);
  } else if (field.name == "allow_delegation_among_members__v") {
    return read_flag(field, change.allow_delegation);
  } else if (field.name != "client_id") {
    return fail(ErrorType::kAttributeNotSupported,
                "Field [" + excerpt(field.name) + "] of a group cannot be written.");
  }
  return {};
}

}  // namespace

Result<GroupChange> read_group_form(std::span<const codec::FormField> form) {
  GroupChange change;
  for (const codec::FormField& field : form) {
    if (auto read = read_field(field, change); !read) return std::unexpected(read.error());
  }
  return change;
}

}  // namespace muster::vault_api
