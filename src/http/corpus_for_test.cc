#include "http/corpus_for_test.h"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"

namespace muster::http {
namespace {

const std::filesystem::path kCorpora = "../shared/corpora";
constexpr std::string_view kEscaped = "rntf";
constexpr std::string_view kMeant = "\r\n\t\f";

std::string file_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.good()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// The two cases that are too long to be stored.
std::string built(std::string_view name, std::size_t size) {
  const std::string start = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5";
  std::string head;
  std::string tail;
  if (name == "chunk ext 64 KiB") {
    head = start + ";a=";
    tail = "\r\nhello\r\n0\r\n\r\n";
  } else if (name == "trailer 100 KiB") {
    head = start + "\r\nhello\r\n0\r\nX: ";
    tail = "\r\n\r\n";
  } else {
    ADD_FAILURE() << "no recipe for " << name;
    return {};
  }
  return head + std::string(size - head.size() - tail.size(), 'x') + tail;
}

// Escapes inside a block: \r \n \t \f \xNN, and a backslash that joins two lines.
std::string unescaped(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    const std::size_t simple = next == '\0' ? std::string_view::npos : kEscaped.find(next);
    if (simple != std::string_view::npos) {
      bytes += kMeant[simple];
      ++i;
    } else if (next == 'x') {
      bytes += from_hex(text.substr(i + 2, 2));
      i += 3;
    } else if (next == '\n') {
      ++i;  // the next line belongs to this one
    } else {
      bytes += text[i] == '\n' ? "\r\n" : std::string(1, text[i]);
    }
  }
  return bytes;
}

// A log of that parser says "error code=N"; 21 to 24 are its pauses.
bool tells_an_error(std::string_view log) {
  constexpr std::string_view kError = "error code=";
  for (std::size_t at = 0; (at = log.find(kError, at)) != std::string_view::npos;) {
    at += kError.size();
    const auto code = parse_digits<int>(log.substr(at, log.find(' ', at) - at));
    if (code < 21 || code > 24) return true;
  }
  return false;
}

// One file: a heading, a meta comment, an `http` block, a `log` block, and again.
class LlhttpFile {
 public:
  LlhttpFile(const std::filesystem::path& path, std::vector<LlhttpCase>& cases)
      : file_(path.filename()), cases_(cases) {
    std::istringstream lines(file_text(path));
    for (std::string line; std::getline(lines, line);) take(line);
  }

 private:
  void take(const std::string& line) {
    if (line.starts_with("```")) return fence(line);
    if (block_ == "http" || block_ == "log") {
      text_ += (text_.empty() && !started_ ? "" : "\n") + line;
      started_ = true;
    } else if (line.starts_with("#")) {
      heading_ = line.substr(line.find_first_not_of("# "));
    } else if (line.starts_with("<!-- meta=")) {
      strict_ = !line.contains("lenient");
    }
  }

  void fence(const std::string& line) {
    if (!block_.empty()) {
      if (block_ == "http") {
        cases_.push_back({file_ + ": " + heading_, unescaped(text_), strict_, false});
      } else if (block_ == "log" && !cases_.empty()) {
        cases_.back().error |= tells_an_error(text_);
      }
      block_.clear();
    } else {
      block_ = line.substr(3);
      text_.clear();
      started_ = false;
    }
  }

  std::string file_;
  std::vector<LlhttpCase>& cases_;
  std::string heading_;
  std::string block_;
  std::string text_;
  bool started_ = false;
  bool strict_ = true;
};

}  // namespace

std::vector<OwnCase> own_cases() {
  std::vector<OwnCase> cases;
  const auto document = boost::json::parse(file_text(kCorpora / "http-own/cases.json"));
  for (const auto& item : document.as_array()) {
    const auto& object = item.as_object();
    OwnCase read;
    read.name = object.at("name").as_string();
    read.accept = object.at("want").as_string() == "accept";
    const auto* hex = object.if_contains("bytes_hex");
    if (hex != nullptr && hex->is_string() && !hex->as_string().empty()) {
      read.bytes = from_hex(hex->as_string());
    } else {
      read.bytes = built(read.name, object.at("size").to_number<std::size_t>());
    }
    EXPECT_EQ(read.bytes.size(), object.at("size").to_number<std::size_t>()) << read.name;
    cases.push_back(std::move(read));
  }
  return cases;
}

std::vector<LlhttpCase> llhttp_cases() {
  std::vector<LlhttpCase> cases;
  const auto folder = kCorpora / "llhttp-cases/test/request";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    LlhttpFile(entry.path(), cases);
  }
  return cases;
}

std::string with_host(std::string_view bytes) {
  std::string text(bytes);
  const std::size_t line_end = text.find("\r\n");
  if (line_end == std::string::npos || text.contains("\r\nHost:") || text.contains("\r\nhost:")) {
    return text;
  }
  return text.insert(line_end + 2, "Host: a\r\n");
}

}  // namespace muster::http
