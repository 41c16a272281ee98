#include "directory/batch_undo.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/text.h"
#include "directory/user_fields.h"

namespace muster::directory {
namespace {

constexpr std::array kMembershipParts = {FieldId::kActive, FieldId::kSecurityProfile,
                                         FieldId::kLicenseType};

std::string_view name_of(FieldId id) { return directory::field(id).name; }

// A change of a part of a membership: "vault_membership[3003].active__v".
struct MembershipPart {
  std::string vault;
  std::size_t part;
};

std::optional<MembershipPart> read_part(std::string_view field) {
  const std::string prefix = std::string(name_of(FieldId::kVaultMembership)) + "[";
  const std::size_t end = field.find("].");
  if (!field.starts_with(prefix) || end == field.npos) return std::nullopt;
  const std::string_view part = field.substr(end + 2);
  const auto found = std::ranges::find(kMembershipParts, part, name_of);
  MUSTER_ASSERT(found != kMembershipParts.end());
  return MembershipPart{.vault = std::string(field.substr(prefix.size(), end - prefix.size())),
                        .part = static_cast<std::size_t>(found - kMembershipParts.begin())};
}

// The old parts by vault, in the text form of 2.6. A membership that was not there is switched off:
// all its parts were empty before, and an active flag never is.
class OldMemberships {
 public:
  void add(const MembershipPart& place, const DomainAuditRow::Change& change) {
    auto& parts = by_vault_[place.vault];
    const bool is_new = change.old_value.empty() && place.part == 0;
    parts[place.part] = is_new ? "false" : change.old_value;
  }

  [[nodiscard]] std::string text() const {
    std::string text;
    for (const auto& [vault, parts] : by_vault_) {
      if (!text.empty()) text += ';';
      text += vault;
      for (const std::string& part : parts) text.append(":").append(part);
    }
    return text;
  }

 private:
  std::map<std::string, std::array<std::string, kMembershipParts.size()>> by_vault_;
};

void put_old_values(BatchPlanBuilder& builder, const DomainAuditRow& row) {
  OldMemberships memberships;
  for (const DomainAuditRow::Change& change : row.changes) {
    if (const auto part = read_part(change.field)) {
      memberships.add(*part, change);
    } else if (!row.is_new) {
      const ValueKind kind = change.old_value.empty() ? ValueKind::kNull : ValueKind::kText;
      builder.cell(change.field, {kind, change.old_value});
    }
  }
  if (const std::string text = memberships.text(); !text.empty()) {
    builder.cell(name_of(FieldId::kVaultMembership), {ValueKind::kText, text});
  }
}

}  // namespace

BatchPlan plan_undo(std::span<const DomainAuditRow> rows, const Caller& caller) {
  BatchPlanBuilder builder(caller.domain, {.operation = BatchOperation::kUpdate});
  for (const DomainAuditRow& row : rows) {
    MUSTER_ASSERT(builder.begin_record());
    builder.cell(name_of(FieldId::kId), {ValueKind::kText, to_string(row.item_id)});
    put_old_values(builder, row);
    if (row.is_new && caller.is_domain_admin()) {
      builder.cell(name_of(FieldId::kDomainActive), {ValueKind::kBoolean, "false"});
    }
    builder.end_record();
  }
  BatchPlan plan = builder.take();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    plan.records[i].left = LeftUser{.at = rows[i].timestamp, .changes = rows[i].changes};
  }
  return plan;
}

}  // namespace muster::directory
