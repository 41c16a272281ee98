#include "vault_api/flag_parameter.h"

#include <string>

#include "base/text.h"
#include "directory/value_rules.h"

namespace muster::vault_api {

Result<bool> read_flag(std::string_view name, std::string_view text, bool otherwise) {
  const std::string_view word = trim(text);
  if (word.empty()) return otherwise;
  if (const auto flag = directory::parse_boolean(word)) return *flag;
  return fail(ErrorType::kInvalidData, "Invalid value [" + printable_excerpt(word) +
                                           "] for parameter [" + std::string(name) +
                                           "]; send true or false.");
}

}  // namespace muster::vault_api
