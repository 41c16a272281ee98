#include "vault_api/kept_text.h"

#include <algorithm>
#include <array>
#include <utility>

namespace muster::vault_api {
namespace {

using codec::AnswerFormat;

constexpr std::array kStatuses = {ResponseStatus::kSuccess, ResponseStatus::kWarning,
                                  ResponseStatus::kFailure, ResponseStatus::kException};
constexpr std::array kFormats = {std::pair(AnswerFormat::kJson, std::string_view("json")),
                                 std::pair(AnswerFormat::kCsv, std::string_view("csv"))};

}  // namespace

std::string kept_text(const Answer& answer) {
  const bool is_csv = answer.format == AnswerFormat::kCsv;
  std::string text(wire_name(answer.status));
  text += is_csv ? " csv\n" : " json\n";  // XML is made of the JSON
  text += answer.body;
  return text;
}

Result<Answer> read_kept_text(std::string_view text) {
  const std::size_t end = text.find('\n');
  const std::string_view head = text.substr(0, end);
  const std::size_t blank = head.find(' ');
  const auto status = std::ranges::find(kStatuses, head.substr(0, blank),
                                        [](ResponseStatus each) { return wire_name(each); });
  const auto format = std::ranges::find_if(kFormats, [&](const auto& each) {
    return blank != head.npos && each.second == head.substr(blank + 1);
  });
  if (end == text.npos || status == kStatuses.end() || format == kFormats.end()) {
    return fail(ErrorType::kUnexpectedError, "A kept answer is not readable.");
  }
  return Answer{.status = *status,
                .body = std::string(text.substr(end + 1)),
                .format = format->first,
                .replayed = true};
}

}  // namespace muster::vault_api
