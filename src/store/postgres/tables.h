// The tables that hold the rows of domains, declared once. Each key begins with domain_id.
#pragma once

#include <array>

namespace muster::store {

// In the order in which the rows of a domain are removed: that it is there goes last.
inline constexpr std::array kDomainTables{"users",        "membership",   "session", "credential",
                                          "audit",        "login",        "batch",   "kept_answer",
                                          "commit_token", "shared_count", "counter", "domain"};

// What belongs to no domain: every node of a distributed database has it.
inline constexpr std::array kSharedTables{"muster_schema"};

}  // namespace muster::store
