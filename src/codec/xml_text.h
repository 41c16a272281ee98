// A finished JSON answer as XML (protocol section 1.12), so that no handler knows of XML.
//
//   xml_from_json(R"({"responseStatus":"SUCCESS","users":[{"user":{"id":1}},{"user":{"id":2}}]})")
//   // <?xml version="1.0" encoding="UTF-8"?>
//   // <response><responseStatus>SUCCESS</responseStatus>
//   // <users><user><id>1</id></user><user><id>2</id></user></users></response>   (in one line)
//
// A key becomes an element. An array of objects that have one key each becomes one element that
// holds them; any other array is its key once per item, so an empty one leaves nothing. null and
// "" become an empty element. A character that no element name may hold becomes '_'; text is
// escaped, and what XML 1.0 cannot hold is left out.
//
// Needs the memory of its result and nothing more. Pure function, safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace muster::codec {

// REQUIRES: one object as JsonWriter writes it: valid, without blanks between the tokens.
[[nodiscard]] std::string xml_from_json(std::string_view json);

}  // namespace muster::codec
