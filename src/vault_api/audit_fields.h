// The audit trails and their columns, declared once: metadata, JSON rows and CSV derive from them.
// Immutable data.
#pragma once

#include <span>
#include <string_view>

namespace muster::vault_api {

struct TrailField {
  std::string_view name;
  std::string_view label;
  std::string_view type = "String";
};

struct Trail {
  std::string_view name;   // "login_audit_trail"
  std::string_view label;  // "Login Audit Trail"
  std::span<const TrailField> fields;
};

inline constexpr TrailField kDomainFields[] = {
    {"id", "ID"},
    {"timestamp", "Timestamp", "DateTime"},
    {"user_name", "User Name"},
    {"full_name", "Full Name"},
    {"on_behalf_of", "On Behalf Of"},
    {"action", "Action"},
    {"item", "Item"},
    {"field_name", "Field Name"},
    {"old_value", "Old Value"},
    {"new_value", "New Value"},
    {"execution_id", "Execution ID"},
};
inline constexpr TrailField kLoginFields[] = {
    {"id", "ID"},
    {"timestamp", "Timestamp", "DateTime"},
    {"user_name", "User Name"},
    {"full_name", "Full Name"},
    {"source_ip", "Source IP"},
    {"type", "Type"},
    {"status", "Status"},
    {"browser", "Browser"},
    {"platform", "Platform"},
};
// Of trails whose rows nothing here writes: object records and settings are not changed by calls.
inline constexpr TrailField kCommonFields[] = {
    {"id", "ID"},
    {"timestamp", "Timestamp", "DateTime"},
    {"user_name", "User Name"},
    {"full_name", "Full Name"},
    {"action", "Action"},
    {"item", "Item"},
    {"field_name", "Field Name"},
    {"old_value", "Old Value"},
    {"new_value", "New Value"},
};

inline constexpr Trail kObjectTrail{"object_audit_trail", "Object Audit Trail", kCommonFields};
inline constexpr Trail kSystemTrail{"system_audit_trail", "System Audit Trail", kCommonFields};
inline constexpr Trail kDomainTrail{"domain_audit_trail", "Domain Audit Trail", kDomainFields};
inline constexpr Trail kLoginTrail{"login_audit_trail", "Login Audit Trail", kLoginFields};

// Of one object record: the object trail with the rows that the domain trail has of its user.
inline constexpr Trail kRecordTrail{kObjectTrail.name, kObjectTrail.label, kDomainFields};

// In the order in which they are listed.
inline constexpr const Trail* kTrails[] = {&kObjectTrail, &kSystemTrail, &kDomainTrail,
                                           &kLoginTrail};

}  // namespace muster::vault_api
