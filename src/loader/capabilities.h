// Asks a server whether it knows a dry run or an atomic batch before one is sent. A Vault API
// ignores query parameters that it does not know: without asking, what was meant as a trial would
// be applied. The questions change nothing on any server.
#pragma once

#include "base/result.h"
#include "loader/api_client.h"
#include "loader/batch_sender.h"

namespace muster::loader {

// kInvalidData, saying so, when the server lacks what `call` asks for; else as ApiClient::call().
[[nodiscard]] Result<void> require_capabilities(ApiClient& client, const BatchCall& call);

}  // namespace muster::loader
