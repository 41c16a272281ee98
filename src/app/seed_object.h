// One JSON object of a seed file, read key by key with the path for messages.
//
//   SeedProblems problems;
//   SeedObject vault(problems, json, "vaults[0]");
//   const std::string name = vault.text("name");
//   vault.finish();                                  // refuses keys nobody asked for
//   if (problems.first) return std::unexpected(*problems.first);
//
// Only the first problem is kept ("vaults[0].name: is missing"); a reading call that meets one
// gives an empty value, so that a whole section is read before anybody looks. Not thread-safe;
// the JSON document and the problems outlive the object.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace muster::app {

struct SeedProblems {
  std::optional<Error> first;

  void add(std::string_view path, std::string_view reason);
};

class SeedObject {
 public:
  SeedObject(SeedProblems& problems, const boost::json::value& value, std::string path);

  [[nodiscard]] std::string text(std::string_view key);  // required, not empty
  [[nodiscard]] std::string text_or(std::string_view key, std::string_view absent);
  [[nodiscard]] bool flag_or(std::string_view key, bool absent);
  // A whole number from `min` to `max`, also as digits in a string.
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t min, std::int64_t max);
  [[nodiscard]] std::int64_t number_or(std::string_view key, std::int64_t min, std::int64_t max,
                                       std::int64_t absent);
  // Lists; absent ones are empty.
  [[nodiscard]] std::vector<std::string> texts(std::string_view key);
  [[nodiscard]] std::vector<std::int64_t> numbers(std::string_view key, std::int64_t max);
  [[nodiscard]] std::vector<SeedObject> objects(std::string_view key);
  // A required object of its own.
  [[nodiscard]] SeedObject object(std::string_view key);
  // The value as it stands; null when absent.
  [[nodiscard]] const boost::json::value* raw(std::string_view key);

  [[nodiscard]] const boost::json::object& members() const { return *object_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string path_of(std::string_view key) const;
  // An empty key: the object as a whole.
  void problem(std::string_view key, std::string_view reason) const;
  void finish() const;

 private:
  [[nodiscard]] const boost::json::array* array(std::string_view key);
  [[nodiscard]] std::int64_t to_number(const boost::json::value& value, std::string_view key,
                                       std::int64_t min, std::int64_t max) const;

  SeedProblems* problems_;
  const boost::json::object* object_;
  std::string path_;
  std::vector<std::string> known_;
};

// The text of a JSON string, number or boolean; nullopt for null, lists and objects.
[[nodiscard]] std::optional<std::string> scalar_text(const boost::json::value& value);

}  // namespace muster::app
