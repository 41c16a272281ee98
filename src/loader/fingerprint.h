// A short text that differs for different bytes (XXH3, 128 bits): tells whether a file is still the
// same one. No protection against somebody who wants two files to look alike.
//
//   Fingerprint print;
//   print.add(chunk); ... print.text();
//
// Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace muster::loader {

class Fingerprint {
 public:
  Fingerprint();
  ~Fingerprint();
  Fingerprint(const Fingerprint&) = delete;
  Fingerprint& operator=(const Fingerprint&) = delete;

  void add(std::string_view bytes);
  [[nodiscard]] std::string text() const;  // 32 lower-case hex digits

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace muster::loader
