#include "vault_api/request_body.h"

#include <string>
#include <utility>

#include "base/text.h"
#include "vault_api/bulk_body.h"
#include "vault_api/quotable.h"
#include "vault_api/routes.h"

namespace muster::vault_api {
namespace {

class IgnoredBody final : public RequestBody {
 public:
  bool feed(std::string_view) override { return true; }
  Result<void> finish(RequestContext&) override { return {}; }
};

// Both kinds of form. The route's limit keeps it small.
class FormBody final : public RequestBody {
 public:
  explicit FormBody(std::optional<codec::MediaType> type) : type_(std::move(type)) {}

  bool feed(std::string_view chunk) override {
    text_ += chunk;
    return true;
  }

  Result<void> finish(RequestContext& context) override {
    const bool multipart = type_ && codec::body_format(*type_) == codec::BodyFormat::kMultipart;
    auto fields =
        multipart ? codec::parse_multipart(text_, type_->boundary) : codec::parse_form(text_);
    if (!fields) return std::unexpected(fields.error());
    context.form = std::move(*fields);
    return {};
  }

 private:
  std::optional<codec::MediaType> type_;
  std::string text_;
};

// Clients send credentials in the query with an empty body, under any content type or none.
Result<std::unique_ptr<RequestBody>> open_form_body(const http::Request& request) {
  const auto type = codec::parse_media_type(request.headers.get("Content-Type"));
  const auto format = type ? codec::body_format(*type) : codec::BodyFormat::kForm;
  const bool form = format == codec::BodyFormat::kForm || format == codec::BodyFormat::kMultipart;
  const bool empty = !request.chunked && request.content_length.value_or(0) == 0;
  if (!form && !empty) {
    return fail(ErrorType::kInvalidData,
                "Content-Type [" + quotable(type->type) +
                    "] is not supported by this call; send application/x-www-form-urlencoded or "
                    "multipart/form-data.");
  }
  return std::make_unique<FormBody>(type);
}

bool is_encoded(const http::Request& request) {
  const auto encoding = trim(request.headers.get("Content-Encoding"));
  return !encoding.empty() && !equals_ignoring_case(encoding, "identity");
}

}  // namespace

Result<std::unique_ptr<RequestBody>> open_body(const RequestContext& context) {
  if (context.route->body == BodyKind::kIgnored) return std::make_unique<IgnoredBody>();
  if (is_encoded(context.request)) {
    return fail(ErrorType::kInvalidData,
                "Content-Encoding is not supported; send the body uncompressed.");
  }
  const auto type = codec::parse_media_type(context.request.headers.get("Content-Type"));
  if (type && !codec::charset_accepted(*type)) {
    return fail(ErrorType::kInvalidData,
                "Charset [" + quotable(type->charset) + "] is not supported; send UTF-8.");
  }
  if (context.route->body == BodyKind::kForm) return open_form_body(context.request);
  return open_bulk_body(context);
}

}  // namespace muster::vault_api
