#include "vault_api/user_export.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "codec/csv_writer.h"
#include "codec/formula_safe.h"
#include "directory/user_diff.h"
#include "directory/vault_selection.h"
#include "vault_api/flag_parameter.h"
#include "vault_api/update_columns.h"

namespace muster::vault_api {
namespace {

using directory::Caller;
using directory::Field;
using directory::FieldId;
using directory::User;
using directory::UserId;
using directory::UserPtr;

struct ExportWish {
  std::optional<std::vector<directory::VaultId>> vaults;  // nullopt: every user
  std::int64_t start = 0;
  std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  bool formula_safe = false;
};

Result<std::int64_t> read_count(const RequestContext& context, std::string_view name,
                                std::int64_t least, std::int64_t otherwise) {
  const std::string_view text = trim(context.parameter(name));
  if (text.empty()) return otherwise;
  if (const auto count = parse_digits<std::int64_t>(text); count >= least) return *count;
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(text) + "] for parameter [" + std::string(name) + "].");
}

Result<ExportWish> read_wish(const RequestContext& context) {
  ExportWish wish;
  auto vaults = directory::select_vaults(context.caller(), context.parameter("vaults"));
  if (!vaults) return std::unexpected(vaults.error());
  const auto start = read_count(context, "start", 0, wish.start);
  if (!start) return std::unexpected(start.error());
  const auto limit = read_count(context, "limit", 1, wish.limit);
  if (!limit) return std::unexpected(limit.error());
  const auto safe = read_flag("formula_safe", context.parameter("formula_safe"), false);
  if (!safe) return std::unexpected(safe.error());
  return ExportWish{
      .vaults = *std::move(vaults), .start = *start, .limit = *limit, .formula_safe = *safe};
}

// What a bulk update would read as the present value; empty: not set, and nothing to change.
std::string cell_text(const User& user, const Field& field, const Caller& caller) {
  const directory::Membership* membership = user.membership(caller.vault_id);
  switch (field.id) {
    case FieldId::kId:
      return to_string(user.id);
    case FieldId::kActive:
      if (membership == nullptr) return {};
      return membership->active ? "true" : "false";
    case FieldId::kLicenseType:
      if (membership == nullptr) return {};
      return std::string(directory::license_name(membership->license));
    default:
      return directory::field_text(user, field.id, *caller.domain);
  }
}

class ExportedUsers final : public http::BodySource {
 public:
  ExportedUsers(directory::Store& store, Caller caller, ExportWish wish)
      : store_(store), caller_(std::move(caller)), wish_(std::move(wish)) {}

  [[nodiscard]] std::string header() const {
    codec::CsvWriter csv;
    for (const Field* column : columns_) csv.cell(column->name);
    csv.end_record();
    return csv.take();
  }

  std::string next() override {
    codec::CsvWriter csv;
    while (csv.size() == 0 && !ended_) write_users(csv, read_users());
    return csv.take();
  }

 private:
  static constexpr std::size_t kUsersPerPiece = 500;

  std::vector<UserPtr> read_users() {
    std::vector<UserPtr> users;
    const auto read = store_.read([&](directory::Reader& reader) -> Result<void> {
      auto found = reader.users_after(last_, kUsersPerPiece);
      if (!found) return std::unexpected(found.error());
      users = *std::move(found);
      return {};
    });
    if (!read) throw std::runtime_error(read.error().message);  // the answer stays without its end
    ended_ = users.size() < kUsersPerPiece;
    if (!users.empty()) last_ = users.back()->id;
    return users;
  }

  void write_users(codec::CsvWriter& csv, std::span<const UserPtr> users) {
    for (const UserPtr& user : users) {
      if (user->id == directory::kSystemUserId || !is_wanted(*user)) continue;
      if (wish_.start > 0) {
        --wish_.start;
      } else if (wish_.limit > 0) {
        --wish_.limit;
        write_user(csv, *user);
      }
    }
    if (wish_.limit == 0) ended_ = true;
  }

  [[nodiscard]] bool is_wanted(const User& user) const {
    return !wish_.vaults || std::ranges::any_of(*wish_.vaults, [&](directory::VaultId vault) {
      return user.membership(vault) != nullptr;
    });
  }

  void write_user(codec::CsvWriter& csv, const User& user) const {
    for (const Field* column : columns_) {
      const std::string text = cell_text(user, *column, caller_);
      csv.cell(wish_.formula_safe ? codec::mark_formula(text) : text);
    }
    csv.end_record();
  }

  directory::Store& store_;
  const Caller caller_;
  ExportWish wish_;
  const std::vector<const Field*> columns_ = update_columns();
  UserId last_;
  bool ended_ = false;
};

}  // namespace

Result<Answer> export_users(const RequestContext& context) {
  auto wish = read_wish(context);
  if (!wish) return std::unexpected(wish.error());
  auto users = std::make_unique<ExportedUsers>(context.state.dependencies.store, context.caller(),
                                               *std::move(wish));
  std::string header = users->header();
  return Answer{
      .body = std::move(header), .format = codec::AnswerFormat::kCsv, .rest = std::move(users)};
}

}  // namespace muster::vault_api
