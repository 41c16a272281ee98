// The answer of a bulk call: one result per record, in input order (protocol section 2.14).
// Pure functions, safe from any thread.
#pragma once

#include <string>

#include "codec/json_writer.h"
#include "codec/media_type.h"
#include "directory/record_outcome.h"
#include "vault_api/answer.h"

namespace muster::vault_api {

// JSON: {"responseStatus":"SUCCESS","data":[{"responseStatus","id","errors"}, ...]}.
// CSV: columns responseStatus,id,errors; the errors cell holds "TYPE|message", quotes included,
// several joined by commas. The call itself succeeded, whatever became of its records; an atomic
// batch with a failing one did not. A dry run says so and what each record would change, in CSV in
// one more column (7.1).
[[nodiscard]] Answer record_results(const directory::BatchOutcome& outcome,
                                    codec::AnswerFormat format);

// Of a call about one user: {"responseStatus":"SUCCESS","id":25001}, or his errors as those of the
// call. A dry run has "dryRun" and "changes" besides. REQUIRES: one record.
[[nodiscard]] Answer one_result(const directory::BatchOutcome& outcome);

// The errors cell of a record in CSV: "TYPE|message","TYPE|message". Quotes of a message are
// doubled, so the list can be told apart.
[[nodiscard]] std::string errors_cell(const directory::RecordOutcome& record);

// The envelope of a bulk answer up to its data, and its status: kFailure of a refused atomic batch,
// else `otherwise`. Closed by end_answer().
[[nodiscard]] codec::JsonWriter begin_outcome(const directory::BatchOutcome& outcome,
                                              ResponseStatus otherwise = ResponseStatus::kSuccess);
[[nodiscard]] ResponseStatus call_status(const directory::BatchOutcome& outcome,
                                         ResponseStatus otherwise = ResponseStatus::kSuccess);

}  // namespace muster::vault_api
