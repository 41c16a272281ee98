#include "codec/body_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace muster::codec {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kUtf16LittleMark = "\xFF\xFE";
constexpr std::string_view kUtf16BigMark = "\xFE\xFF";

// Whether more bytes could still make `start` one of the marks.
bool may_be_mark(std::string_view start) {
  return std::ranges::any_of(
      std::array{kUtf8Mark, kUtf16LittleMark, kUtf16BigMark},
      [&](std::string_view mark) { return mark.size() > start.size() && mark.starts_with(start); });
}

std::unexpected<Error> broken_utf8(std::uint64_t offset) {
  return fail(ErrorType::kInvalidData,
              "The body is not valid UTF-8 at byte offset " + std::to_string(offset) + ".");
}

}  // namespace

Result<void> BodyReader::feed(std::string_view chunk) {
  if (failure_) return std::unexpected(*failure_);
  Result<void> result = start_decided_ ? Result<void>{} : feed_start(chunk);
  if (result && !chunk.empty()) result = feed_text(chunk);
  if (!result) failure_ = result.error();
  return result;
}

// Takes the body's first bytes off `chunk` until they are known to be a mark or not.
Result<void> BodyReader::feed_start(std::string_view& chunk) {
  while (!start_decided_ && !chunk.empty()) {
    start_[start_size_++] = chunk.front();
    chunk.remove_prefix(1);
    start_decided_ = !may_be_mark({start_.data(), start_size_});
  }
  if (!start_decided_) return {};
  const std::string_view start(start_.data(), start_size_);
  if (start == kUtf16LittleMark || start == kUtf16BigMark) {
    return fail(ErrorType::kInvalidData, "The body is UTF-16; only UTF-8 is supported.");
  }
  if (start != kUtf8Mark) return feed_text(start);
  offset_ = mark_bytes_ = start.size();
  return {};
}

Result<void> BodyReader::feed_text(std::string_view text) {
  const std::size_t good = gate_.accept(text);
  const std::size_t open = gate_.open_bytes();
  if (open <= good) {  // else the text only continues the code point that was open before
    if (auto taken = hand_on(std::exchange(open_, {})); !taken) return taken;
    if (auto taken = hand_on(text.substr(0, good - open)); !taken) return taken;
  }
  if (good < text.size()) return broken_utf8(mark_bytes_ + gate_.offset());
  const std::size_t kept = std::min(open, good);
  open_.append(text.substr(good - kept));
  return {};
}

Result<void> BodyReader::hand_on(std::string_view text) {
  if (text.empty()) return {};
  if (auto parsed = parse(text, offset_); !parsed) return parsed;
  offset_ += text.size();
  return {};
}

Result<void> BodyReader::finish() {
  if (failure_) return std::unexpected(*failure_);
  Result<void> result = end();
  if (!result) failure_ = result.error();
  return result;
}

Result<void> BodyReader::end() {
  if (!start_decided_ && start_size_ > 0) {
    if (auto fed = feed_text({start_.data(), start_size_}); !fed) return fed;
  }
  if (!gate_.at_boundary()) return broken_utf8(mark_bytes_ + gate_.offset());
  if (offset_ == mark_bytes_) return fail(ErrorType::kParameterRequired, "The body is empty.");
  return parse_end();
}

}  // namespace muster::codec
