// JSON forms of vault memberships and application licenses, brought to the one text form that
// the directory reads (protocol sections 2.6, 3.5). GET answers carry these forms, so clients
// send them back.
//
//   [{"id":3003,"active__v":true}, "4112:false"]        ->  "3003:true::;4112:false"
//   [{"vault_id":3003,"application_name":"exampleQms_v"}]  ->  "3003|exampleQms_v::"
//
// Pure functions, safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "directory/field.h"

namespace muster::vault_api {

// True for the fields whose value may be a JSON array.
[[nodiscard]] bool takes_nested_value(directory::FieldId field);

// `json`: one complete JSON value. kInvalidData: not an array of texts and flat objects, an
// unknown key, a missing vault, a part that contains a separator of the text form.
// REQUIRES: takes_nested_value(field).
[[nodiscard]] Result<std::string> nested_text(directory::FieldId field, std::string_view json);

}  // namespace muster::vault_api
