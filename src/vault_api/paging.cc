#include "vault_api/paging.h"

#include <algorithm>
#include <string>

#include "base/limits.h"
#include "base/text.h"

namespace muster::vault_api {
namespace {

std::unexpected<Error> invalid(std::string_view name, std::string_view text) {
  return fail(ErrorType::kInvalidData,
              "Invalid value [" + excerpt(text) + "] for parameter [" + std::string(name) + "].");
}

}  // namespace

Result<Page> read_page(const RequestContext& context, std::string_view start_name,
                       PageTooLong too_long) {
  Page page{.start = 0, .limit = limits::kPageSizeDefault};
  if (const auto text = context.parameter(start_name); !text.empty()) {
    const auto start = parse_digits<std::int64_t>(text);
    if (!start || *start > limits::kPageStartMax) return invalid(start_name, text);
    page.start = *start;
  }
  if (const auto text = context.parameter("limit"); !text.empty()) {
    const auto limit = parse_digits<std::int64_t>(text);
    const bool refused = too_long == PageTooLong::kRefuse && limit > limits::kPageSizeMax;
    if (!limit || *limit < 1 || refused) return invalid("limit", text);
    page.limit = std::min(*limit, limits::kPageSizeMax);
  }
  return page;
}

}  // namespace muster::vault_api
