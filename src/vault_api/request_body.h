// The body of a request while it arrives, as the route wants it.
//
//   auto body = open_body(context);               // judges the headers
//   while (body->feed(chunk)) ...
//   Result<void> done = body->finish(context);    // fills context.form or context.plan
//
// One per request; used by one thread at a time.
#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "vault_api/request_context.h"

namespace muster::vault_api {

class RequestBody {
 public:
  virtual ~RequestBody() = default;
  // False: the verdict is known, more bytes change nothing; finish() then tells it.
  [[nodiscard]] virtual bool feed(std::string_view chunk) = 0;
  [[nodiscard]] virtual Result<void> finish(RequestContext& context) = 0;
};

// Whether the content type says that the body is a form, urlencoded or multipart.
[[nodiscard]] bool carries_form(const http::Request& request);

// What the route of `context` asks for. kInvalidData: a content type, charset or content encoding
// that the route does not take.
[[nodiscard]] Result<std::unique_ptr<RequestBody>> open_body(const RequestContext& context);

// A form, whatever the route asks for. No content type and an empty body are an empty form.
[[nodiscard]] Result<std::unique_ptr<RequestBody>> open_form_body(const RequestContext& context);

}  // namespace muster::vault_api
