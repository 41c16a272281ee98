#include "vault_api/request_body.h"

#include <string>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "vault_api/bulk_body.h"
#include "vault_api/object_body.h"
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
  FormBody(std::optional<codec::MediaType> type, std::uint64_t bytes_max, HeldBytes& held)
      : type_(std::move(type)), bytes_max_(bytes_max), share_(held) {}

  bool feed(std::string_view chunk) override {
    is_too_long_ = chunk.size() > bytes_max_ - text_.size();
    if (is_too_long_) return false;
    // Ordinary forms are small and need no leave; pictures share what all may take.
    if (text_.size() + chunk.size() > limits::kLoginBytesMax && !share_.take(chunk.size())) {
      is_refused_ = true;
      return false;
    }
    text_ += chunk;
    return true;
  }

  Result<void> finish(RequestContext& context) override {
    if (is_too_long_) {
      return fail(ErrorType::kExceedsFileMaxSize,
                  "The form is larger than " + std::to_string(bytes_max_) + " bytes.");
    }
    if (is_refused_) {
      return fail(ErrorType::kApiLimitExceeded,
                  "Too many large forms arrive at the same time; send this one again.");
    }
    const bool multipart = type_ && codec::body_format(*type_) == codec::BodyFormat::kMultipart;
    auto fields =
        multipart ? codec::parse_multipart(text_, type_->boundary) : codec::parse_form(text_);
    if (!fields) return std::unexpected(fields.error());
    context.form = std::move(*fields);
    text_ = {};
    context.has_form = true;
    return {};
  }

 private:
  std::optional<codec::MediaType> type_;
  std::uint64_t bytes_max_;
  HeldBytes::Share share_;
  bool is_too_long_ = false;
  bool is_refused_ = false;
  std::string text_;
};

bool is_form(const codec::MediaType& type) {
  const auto format = codec::body_format(type);
  return format == codec::BodyFormat::kForm || format == codec::BodyFormat::kMultipart;
}

// What a call takes besides records or parameters in a form.
std::string_view accepted_types(BodyKind kind) {
  return kind == BodyKind::kObject
             ? "application/x-www-form-urlencoded, multipart/form-data or application/json."
             : "application/x-www-form-urlencoded or multipart/form-data.";
}

bool is_encoded(const http::Request& request) {
  const auto encoding = trim(request.headers.get("Content-Encoding"));
  return !encoding.empty() && !equals_ignoring_case(encoding, "identity");
}

}  // namespace

bool carries_form(const http::Request& request) {
  const auto type = codec::parse_media_type(request.headers.get("Content-Type"));
  return type && is_form(*type);
}

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
  switch (context.route->body) {
    case BodyKind::kForm:
      return open_form_body(context);
    case BodyKind::kObject:
      return open_object_body(context);
    case BodyKind::kFormOrBulk:
      // A whole form is held, so it may not be as large as a bulk body.
      if (carries_form(context.request)) {
        const bool may_have_picture = codec::body_format(*type) == codec::BodyFormat::kMultipart;
        return std::make_unique<FormBody>(
            type, may_have_picture ? limits::kPictureFormBytesMax : limits::kFormBytesMax,
            context.state.held_forms);
      }
      return open_bulk_body(context);
    default:
      return open_bulk_body(context);
  }
}

// Clients send credentials in the query with an empty body, under any content type or none.
Result<std::unique_ptr<RequestBody>> open_form_body(const RequestContext& context) {
  const http::Request& request = context.request;
  const auto type = codec::parse_media_type(request.headers.get("Content-Type"));
  const bool form = !type || is_form(*type);
  const bool empty = !request.chunked && request.content_length.value_or(0) == 0;
  if (!form && !empty) {
    return fail(ErrorType::kInvalidData, "Content-Type [" + quotable(type->type) +
                                             "] is not supported by this call; send " +
                                             std::string(accepted_types(context.route->body)));
  }
  return std::make_unique<FormBody>(type, context.route->body_bytes_max, context.state.held_forms);
}

}  // namespace muster::vault_api
