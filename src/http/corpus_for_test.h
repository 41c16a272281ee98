// The collections of raw requests under ../shared/corpora, as bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace muster::http {

struct OwnCase {
  std::string name;
  std::string bytes;
  bool accept = false;
};
// corpora/http-own/cases.json, the two cases that are stored by name and size included.
[[nodiscard]] std::vector<OwnCase> own_cases();

struct LlhttpCase {
  std::string name;  // "transfer-encoding.md: Chunk extensions"
  std::string bytes;
  bool strict = false;  // not one of that parser's lenient modes
  bool error = false;   // that parser refuses it
};
// corpora/llhttp-cases: the `http` blocks.
[[nodiscard]] std::vector<LlhttpCase> llhttp_cases();

// With "Host: a" after the request line unless it has a Host; most of those inputs lack one.
[[nodiscard]] std::string with_host(std::string_view bytes);

}  // namespace muster::http
