#include "store/postgres/parameters.h"

#include <utility>

namespace muster::store {
Parameters& Parameters::add(std::string text) {
  values_.push_back({std::move(text)});
  return *this;
}

Parameters& Parameters::text(std::string_view value) {
  return add(is_storable(value) ? std::string(value) : made_storable(value));
}

Parameters& Parameters::integer(std::int64_t value) { return add(std::to_string(value)); }

Parameters& Parameters::flag(bool value) { return add(value ? "t" : "f"); }

Parameters& Parameters::bytes(std::string_view value) {
  values_.push_back({std::string(value), true});
  return *this;
}

void Parameters::append_text(std::string& array, std::string_view text) {
  if (!is_storable(text)) return append_text(array, std::string_view(made_storable(text)));
  array += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += "\",";
}

void Parameters::append_text(std::string& array, const std::optional<std::string>& text) {
  if (!text) {
    array += "NULL,";
  } else {
    append_text(array, std::string_view(*text));
  }
}

std::string Parameters::close(std::string array) {
  if (array.back() == ',') array.pop_back();
  array += '}';
  return array;
}

Parameters::View Parameters::view() const {
  View view;
  for (const Value& value : values_) {
    view.values.push_back(value.text.c_str());
    view.lengths.push_back(static_cast<int>(value.text.size()));
    view.formats.push_back(value.is_bytes ? 1 : 0);
  }
  return view;
}

}  // namespace muster::store
