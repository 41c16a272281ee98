#include "codec/json_reader.h"

#include <string>

namespace muster::codec {

Result<void> JsonReader::parse(std::string_view text, std::uint64_t offset) {
  return tokens_.take(text, offset) ? Result<void>{} : failure();
}

Result<void> JsonReader::parse_end() { return tokens_.end() ? Result<void>{} : failure(); }

std::unexpected<Error> JsonReader::failure() const {
  if (records_.sink_error()) return std::unexpected(*records_.sink_error());
  const std::string& problem = tokens_.problem().empty() ? records_.problem() : tokens_.problem();
  return fail(
      ErrorType::kInvalidData,
      "Invalid JSON at offset " + std::to_string(tokens_.stopped_at()) + ": " + problem + ".");
}

}  // namespace muster::codec
