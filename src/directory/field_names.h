// The names under which records of a bulk body give the fields of users: those of the users calls
// or those of object records. The rest of the plan is the same for both.
//
//   const Field* field = rules.names->find("title__sys");
//
// Immutable data, safe from any thread.
#pragma once

#include <string_view>

#include "directory/field.h"

namespace muster::directory {

struct FieldNames {
  // ASCII case ignored; nullptr when unknown.
  const Field* (*find)(std::string_view name);
  // The row with the name of this vocabulary. One that has no name in it is that of the users.
  const Field& (*field)(FieldId id);
  // Names that are known and whose values mean nothing here.
  bool (*is_ignored)(std::string_view name);
  // A known name that fails its record, not the whole request (2.7).
  bool (*belongs_to_another_call)(std::string_view name);
  // Whether a JSON value of a picklist may be an array of one text, as answers show it.
  bool picklists_are_lists;
};

// protocol 3.1 and 5.4.
extern const FieldNames kUserNames;
extern const FieldNames kObjectNames;

}  // namespace muster::directory
