// The answer of a call that writes object records: one result per record, in input order (protocol
// section 5.4). Unlike that of the users calls the id stands inside `data`, and a record that
// changed nothing is a WARNING.
// Pure function, safe from any thread.
#pragma once

#include <string>

#include "codec/media_type.h"
#include "directory/batch_plan.h"
#include "directory/record_outcome.h"
#include "vault_api/answer.h"

namespace muster::vault_api {

struct ObjectBatch {
  const directory::BatchPlan& plan;
  const directory::BatchOutcome& outcome;
  std::string records_url;  // "/api/v23.3/vobjects/user__sys/"
};

// CSV: columns responseStatus,id,errors, as for users.
[[nodiscard]] Answer object_results(const ObjectBatch& batch, codec::AnswerFormat format);

}  // namespace muster::vault_api
