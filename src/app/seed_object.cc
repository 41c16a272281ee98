#include "app/seed_object.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace muster::app {
namespace {

namespace json = boost::json;

const json::object& no_members() {
  static const json::object kNone;
  return kNone;
}

std::string view_text(json::string_view text) { return {text.data(), text.size()}; }

std::string range_text(std::int64_t min, std::int64_t max) {
  return "a whole number from " + std::to_string(min) + " to " + std::to_string(max) + " is needed";
}

std::string element_of(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

}  // namespace

void SeedProblems::add(std::string_view path, std::string_view reason) {
  if (first) return;
  first = Error{ErrorType::kInvalidData, std::string(path) + ": " + std::string(reason)};
}

std::optional<std::string> scalar_text(const json::value& value) {
  if (value.is_string()) return view_text(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "true" : "false";
  if (value.is_number()) return json::serialize(value);
  return std::nullopt;
}

SeedObject::SeedObject(SeedProblems& problems, const json::value& value, std::string path)
    : problems_(&problems), object_(value.if_object()), path_(std::move(path)) {
  if (object_ != nullptr) return;
  object_ = &no_members();
  problems_->add(path_.empty() ? "the document" : path_, "an object is needed");
}

std::string SeedObject::path_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void SeedObject::problem(std::string_view key, std::string_view reason) const {
  problems_->add(path_of(key), reason);
}

const json::value* SeedObject::raw(std::string_view key) {
  known_.emplace_back(key);
  const json::value* value = object_->if_contains({key.data(), key.size()});
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::string SeedObject::text(std::string_view key) {
  std::string text = text_or(key, "");
  if (text.empty()) problem(key, raw(key) == nullptr ? "is missing" : "must not be empty");
  return text;
}

std::string SeedObject::text_or(std::string_view key, std::string_view absent) {
  const json::value* value = raw(key);
  if (value == nullptr) return std::string(absent);
  if (value->is_string()) return view_text(value->get_string());
  problem(key, "a string is needed");
  return {};
}

bool SeedObject::flag_or(std::string_view key, bool absent) {
  const json::value* value = raw(key);
  if (value == nullptr) return absent;
  if (value->is_bool()) return value->get_bool();
  problem(key, "true or false is needed");
  return absent;
}

std::int64_t SeedObject::to_number(const json::value& value, std::string_view key, std::int64_t min,
                                   std::int64_t max) const {
  const auto text = scalar_text(value);
  const auto number = text ? parse_digits<std::int64_t>(*text) : std::nullopt;
  if (number && *number >= min && *number <= max) return *number;
  problem(key, range_text(min, max));
  return min;
}

std::int64_t SeedObject::number(std::string_view key, std::int64_t min, std::int64_t max) {
  const json::value* value = raw(key);
  if (value != nullptr) return to_number(*value, key, min, max);
  problem(key, "is missing");
  return min;
}

std::int64_t SeedObject::number_or(std::string_view key, std::int64_t min, std::int64_t max,
                                   std::int64_t absent) {
  const json::value* value = raw(key);
  return value == nullptr ? absent : to_number(*value, key, min, max);
}

const json::array* SeedObject::array(std::string_view key) {
  const json::value* value = raw(key);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) problem(key, "a list is needed");
  return value->if_array();
}

std::vector<std::string> SeedObject::texts(std::string_view key) {
  std::vector<std::string> texts;
  const json::array* list = array(key);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const json::string* item = (*list)[i].if_string();
    if (item == nullptr) {
      problem(element_of(key, i), "a string is needed");
      break;
    }
    texts.push_back(view_text(*item));
  }
  return texts;
}

std::vector<std::int64_t> SeedObject::numbers(std::string_view key, std::int64_t max) {
  std::vector<std::int64_t> numbers;
  const json::array* list = array(key);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    numbers.push_back(to_number((*list)[i], element_of(key, i), 1, max));
  }
  return numbers;
}

std::vector<SeedObject> SeedObject::objects(std::string_view key) {
  std::vector<SeedObject> objects;
  const json::array* list = array(key);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    objects.emplace_back(*problems_, (*list)[i], element_of(path_of(key), i));
  }
  return objects;
}

SeedObject SeedObject::object(std::string_view key) {
  static const json::value kNone = json::object();
  const json::value* value = raw(key);
  if (value == nullptr) problem(key, "is missing");
  return {*problems_, value == nullptr ? kNone : *value, path_of(key)};
}

void SeedObject::finish() const {
  for (const auto& [key, value] : *object_) {
    const std::string name = view_text(key);
    if (std::ranges::find(known_, name) == known_.end()) problem(name, "unknown key");
  }
}

}  // namespace muster::app
