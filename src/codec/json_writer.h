// Writes compact JSON into a string, commas and escapes included.
//
//   JsonWriter w;
//   w.begin_object(); w.member("responseStatus", "SUCCESS"); w.member("size", 2); w.end_object();
//   response.body = w.take();
//
// Misuse (a value without its key, an unclosed object at take()) is a programmer error and asserts.
// REQUIRES: texts are valid UTF-8. Not thread-safe.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

namespace muster::codec {

class JsonWriter {
 public:
  static constexpr std::size_t kDepthMax = 64;

  void begin_object() { open('{', true); }
  void end_object() { close('}', true); }
  void begin_array() { open('[', false); }
  void end_array() { close(']', false); }

  void key(std::string_view name);
  void string(std::string_view text);
  void boolean(bool value);
  void null();
  // `json` is written as it is. REQUIRES: one complete JSON value.
  void raw(std::string_view json);

  template <std::integral Integer>
    requires(!std::same_as<Integer, bool>)
  void number(Integer value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    raw({digits, static_cast<std::size_t>(end - digits)});
  }

  // key() and the value in one. Text, integer and bool are told apart by their type.
  void member(std::string_view name, std::string_view text) {
    key(name);
    string(text);
  }
  void member(std::string_view name, const char* text) { member(name, std::string_view(text)); }
  template <std::integral Value>
  void member(std::string_view name, Value value) {
    key(name);
    if constexpr (std::same_as<Value, bool>) {
      boolean(value);
    } else {
      number(value);
    }
  }

  // Makes room for so many bytes in all, where the size is about known: growing means copying.
  void reserve(std::size_t bytes) { out_.reserve(bytes); }
  // What was written. REQUIRES: every object and array is closed.
  [[nodiscard]] std::string take();
  [[nodiscard]] std::size_t size() const { return out_.size(); }

 private:
  void open(char bracket, bool object);
  void close(char bracket, bool object);
  void before_value();
  void quoted(std::string_view text);

  std::string out_;
  std::uint64_t objects_ = 0;  // bit n: the container at depth n is an object
  std::size_t depth_ = 0;
  bool comma_ = false;     // a member or element stands before
  bool key_open_ = false;  // a key waits for its value
};

}  // namespace muster::codec
