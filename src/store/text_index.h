// Indexes of users by a text of theirs. A set holds ids only (4 bytes); hash and equality look
// the text up in the table of users, so no text is stored twice.
//
//   NameIndex names(0, TextHash<FieldId::kUserName>{&users}, TextEqual<...>{&users});
//   auto found = names.find(std::string_view("ann@example.com"));
//
// REQUIRES: an id is erased before its user's text changes and inserted after. The table
// outlives the index and does not move.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "directory/user.h"

namespace muster::store {

using UserTable =
    boost::unordered_flat_map<directory::UserId, directory::UserPtr, std::hash<directory::UserId>>;

// User names are looked up without regard to ASCII case, federated ids exactly.
template <directory::FieldId kField>
[[nodiscard]] constexpr char fold_for_index(char c) {
  if constexpr (kField == directory::FieldId::kUserName) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  } else {
    return c;
  }
}

template <directory::FieldId kField>
[[nodiscard]] bool equal_in_index(std::string_view a, std::string_view b) {
  if (a == b) return true;  // nearly always
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (fold_for_index<kField>(a[i]) != fold_for_index<kField>(b[i])) return false;
  }
  return true;
}

template <directory::FieldId kField>
struct TextHash {
  using is_transparent = void;
  const UserTable* users;

  std::size_t operator()(std::string_view text) const {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
    for (const char c : text) {
      hash = (hash ^ static_cast<unsigned char>(fold_for_index<kField>(c))) * 1099511628211ULL;
    }
    return hash;
  }
  std::size_t operator()(directory::UserId id) const {
    return (*this)(users->find(id)->second->text(kField));
  }
};

template <directory::FieldId kField>
struct TextEqual {
  using is_transparent = void;
  const UserTable* users;

  bool operator()(directory::UserId a, directory::UserId b) const { return a == b; }
  bool operator()(directory::UserId a, std::string_view text) const {
    return equal_in_index<kField>(users->find(a)->second->text(kField), text);
  }
  bool operator()(std::string_view text, directory::UserId a) const { return (*this)(a, text); }
};

template <directory::FieldId kField>
using TextIndex = boost::unordered_flat_set<directory::UserId, TextHash<kField>, TextEqual<kField>>;
using NameIndex = TextIndex<directory::FieldId::kUserName>;
using FederatedIdIndex = TextIndex<directory::FieldId::kFederatedId>;

}  // namespace muster::store
