#include "app/front.h"

namespace muster::app {

Front::Front(const Operations& operations, http::Service& api)
    : operations_(operations), api_(api) {}

http::Begun Front::begin(const http::Request& request) {
  if (operations_.serves(request.path)) return operations_.answer(request);
  return api_.begin(request);
}

bool Front::may_wait(const http::Request& request) const {
  return !operations_.serves(request.path) && api_.may_wait(request);
}

http::Response Front::refusal(const http::Request& request, int status, std::string_view message) {
  return api_.refusal(request, status, message);
}

}  // namespace muster::app
