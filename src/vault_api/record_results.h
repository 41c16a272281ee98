// The answer of a bulk call: one result per record, in input order (protocol section 2.14).
// Pure functions, safe from any thread.
#pragma once

#include <string>

#include "codec/media_type.h"
#include "directory/record_outcome.h"
#include "vault_api/answer.h"

namespace muster::vault_api {

// JSON: {"responseStatus":"SUCCESS","data":[{"responseStatus","id","errors"}, ...]}.
// CSV: columns responseStatus,id,errors; the errors cell holds "TYPE|message", quotes included,
// several joined by commas. The call itself succeeded, whatever became of its records.
[[nodiscard]] Answer record_results(const directory::BatchOutcome& outcome,
                                    codec::AnswerFormat format);

// The errors cell of a record in CSV: "TYPE|message","TYPE|message". Quotes of a message are
// doubled, so the list can be told apart.
[[nodiscard]] std::string errors_cell(const directory::RecordOutcome& record);

}  // namespace muster::vault_api
