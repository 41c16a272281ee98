#include "codec/formula_safe.h"

namespace muster::codec {
namespace {

bool looks_like_formula(std::string_view text) {
  constexpr std::string_view kStarts = "=+-@\t\r|%";
  const std::size_t start = text.find_first_not_of('\'');
  return start != text.npos && kStarts.contains(text[start]);
}

}  // namespace

std::string mark_formula(std::string_view text) {
  return looks_like_formula(text) ? "'" + std::string(text) : std::string(text);
}

std::string_view unmark_formula(std::string_view text) {
  return text.starts_with('\'') && looks_like_formula(text) ? text.substr(1) : text;
}

}  // namespace muster::codec
