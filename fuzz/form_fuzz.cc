// Forms: urlencoded, multipart and query strings of any bytes. The first byte chooses the kind.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "check.h"
#include "codec/form.h"
#include "codec/utf8_gate.h"

namespace {

using muster::codec::FormField;
using muster::fuzz::check;

void look_at(std::span<const FormField> fields) {
  check(fields.size() <= muster::limits::kFormFieldsMax, "no more fields than allowed");
  for (const FormField& field : fields) {
    check(muster::codec::is_valid_utf8(field.name), "names are UTF-8");
    if (field.file_name.empty())
      check(muster::codec::is_valid_utf8(field.value), "values are UTF-8");
  }
}

std::string encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += kDigits[byte >> 4U];
    encoded += kDigits[byte & 15U];
  }
  return encoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 0) {
    const auto fields = muster::codec::parse_multipart(body, "XX");
    if (fields) look_at(*fields);
    return 0;
  }
  if (data[0] % 3 == 1) {
    look_at(muster::codec::parse_query(body));
    return 0;
  }
  const auto fields = muster::codec::parse_form(body);
  if (!fields) return 0;
  look_at(*fields);
  std::string again;
  for (const FormField& field : *fields) {
    again += (again.empty() ? "" : "&") + encode(field.name) + "=" + encode(field.value);
  }
  const auto read = muster::codec::parse_form(again);
  check(read.has_value() && read->size() == fields->size(), "an encoded form has its fields");
  for (std::size_t i = 0; i < fields->size(); ++i) {
    check((*read)[i].name == (*fields)[i].name && (*read)[i].value == (*fields)[i].value,
          "and their texts");
  }
  return 0;
}
