// Form bodies and query strings: application/x-www-form-urlencoded (lenient) and
// multipart/form-data (RFC 7578).
//
//   auto fields = parse_form(body);
//   const FormField* name = find(*fields, "username");
//
// Fields own their text and keep the order of the body. Pure functions, safe from any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace muster::codec {

struct FormField {
  std::string name;
  std::string value;         // multipart: the bytes of the part (a file's need not be UTF-8)
  std::string file_name;     // multipart only
  std::string content_type;  // multipart only
};

// Raw blanks, quotes, commas and broken percent sequences stand for themselves.
// kInvalidData: more than kFormFieldsMax fields, a name or value that is not UTF-8.
[[nodiscard]] Result<std::vector<FormField>> parse_form(std::string_view body);

// kInvalidData: no or a broken boundary, a part without a name, a last boundary that is missing,
// too many fields, a name or a value without file name that is not UTF-8.
[[nodiscard]] Result<std::vector<FormField>> parse_multipart(std::string_view body,
                                                             std::string_view boundary);

// The part of a target after '?'. Never fails: fields beyond kFormFieldsMax and fields that are
// not UTF-8 are dropped.
[[nodiscard]] std::vector<FormField> parse_query(std::string_view query);

// %XX decoded, '+' kept; a broken sequence stands for itself. The result may not be UTF-8.
[[nodiscard]] std::string percent_decode(std::string_view text);

// The first field of that name; nullptr when there is none. Points into `fields`.
[[nodiscard]] const FormField* find(std::span<const FormField> fields, std::string_view name);

}  // namespace muster::codec
