#include "codec/json_reader.h"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <cstddef>
#include <string>
#include <utility>

#include "base/limits.h"
#include "codec/json_records.h"

namespace muster::codec {
namespace {

namespace json = boost::json;

// Passes the parser's events on; any error code stops the parser, the reason is in JsonRecords.
class Handler {
 public:
  using Code = json::error_code;
  static constexpr std::size_t kUnlimited = ~std::size_t{0};
  static constexpr std::size_t max_array_size = kUnlimited;
  static constexpr std::size_t max_object_size = kUnlimited;
  static constexpr std::size_t max_string_size = kUnlimited;
  static constexpr std::size_t max_key_size = kUnlimited;

  explicit Handler(RecordSink& sink) : records(sink) {}

  static bool on_document_begin(Code&) { return true; }
  static bool on_document_end(Code&) { return true; }
  bool on_array_begin(Code& code) { return go_on(records.begin_array(), code); }
  bool on_array_end(std::size_t, Code& code) { return go_on(records.end_array(), code); }
  bool on_object_begin(Code& code) { return go_on(records.begin_object(), code); }
  bool on_object_end(std::size_t, Code& code) { return go_on(records.end_object(), code); }
  bool on_key_part(json::string_view part, std::size_t, Code&) {
    records.key_part(part);
    return true;
  }
  bool on_key(json::string_view last, std::size_t, Code& code) {
    return go_on(records.key(last), code);
  }
  bool on_string_part(json::string_view part, std::size_t, Code&) {
    records.text_part(part);
    return true;
  }
  bool on_string(json::string_view last, std::size_t, Code& code) {
    return go_on(records.text(last), code);
  }
  bool on_number_part(json::string_view part, Code&) {
    records.number_part(part);
    return true;
  }
  bool on_int64(std::int64_t, json::string_view last, Code& code) {
    return go_on(records.number(last), code);
  }
  bool on_uint64(std::uint64_t, json::string_view last, Code& code) {
    return go_on(records.number(last), code);
  }
  bool on_double(double, json::string_view last, Code& code) {
    return go_on(records.number(last), code);
  }
  bool on_bool(bool value, Code& code) { return go_on(records.boolean(value), code); }
  bool on_null(Code& code) { return go_on(records.null(), code); }
  static bool on_comment_part(json::string_view, Code&) { return true; }
  static bool on_comment(json::string_view, Code&) { return true; }

  JsonRecords records;

 private:
  static bool go_on(bool accepted, Code& code) {
    if (!accepted) code = json::error::syntax;
    return accepted;
  }
};

json::parse_options strict_options() {
  json::parse_options options;
  options.max_depth = limits::kNestingDepthMax;
  options.allow_invalid_utf8 = true;  // BodyReader has seen to that
  return options;
}

std::string reason(const json::error_code& code) {
  if (code == json::error::too_deep) {
    return "nested deeper than " + std::to_string(limits::kNestingDepthMax) + " levels";
  }
  return code.message();
}

}  // namespace

// Boost's parser finds an error in a token at another byte when the token came in two pieces. So it
// gets the body in blocks that begin at the same bytes however the body arrives: results and
// messages are the same for every split into chunks.
class JsonReader::Parser {
 public:
  explicit Parser(RecordSink& sink) : parser_(strict_options(), sink) {}

  Result<void> take(std::string_view text) {
    while (!text.empty()) {
      if (block_.empty() && text.size() >= kBlockBytes) {
        if (auto parsed = parse(text.substr(0, kBlockBytes), true); !parsed) return parsed;
        text.remove_prefix(kBlockBytes);
        continue;
      }
      const std::size_t room = std::min(kBlockBytes - block_.size(), text.size());
      block_.append(text, 0, room);
      text.remove_prefix(room);
      if (block_.size() < kBlockBytes) continue;
      if (auto parsed = parse(block_, true); !parsed) return parsed;
      block_.clear();
    }
    return {};
  }

  Result<void> end() { return parse(block_, false); }

  void begin_at(std::uint64_t offset) {
    if (parsed_ == 0 && block_.empty()) offset_ = offset;
  }

 private:
  static constexpr std::size_t kBlockBytes = limits::kBodyChunkBytes;

  Result<void> parse(std::string_view block, bool more) {
    JsonRecords& records = parser_.handler().records;
    records.begin_block(block);
    json::error_code code;
    const std::size_t used = parser_.write_some(more, block.data(), block.size(), code);
    if (records.sink_error()) return std::unexpected(*records.sink_error());
    if (!records.problem().empty()) return invalid(used, records.problem());
    if (code) return invalid(used, reason(code));
    if (used < block.size()) return invalid(used, "text after the end");
    records.keep();
    parsed_ += used;
    return {};
  }

  [[nodiscard]] std::unexpected<Error> invalid(std::size_t used, const std::string& what) const {
    return fail(
        ErrorType::kInvalidData,
        "Invalid JSON at offset " + std::to_string(offset_ + parsed_ + used) + ": " + what + ".");
  }

  json::basic_parser<Handler> parser_;
  std::string block_;         // the begun block, less than kBlockBytes
  std::uint64_t offset_ = 0;  // of the first byte after a byte order mark
  std::uint64_t parsed_ = 0;
};

JsonReader::JsonReader(RecordSink& sink) : parser_(std::make_unique<Parser>(sink)) {}

JsonReader::~JsonReader() = default;

Result<void> JsonReader::parse(std::string_view text, std::uint64_t offset) {
  parser_->begin_at(offset);
  return parser_->take(text);
}

Result<void> JsonReader::parse_end() { return parser_->end(); }

}  // namespace muster::codec
