// The whole server as one http::Service: operations where they are asked for, the API for the
// rest. Thread-safe; both outlive it.
#pragma once

#include "app/operations.h"
#include "http/message.h"

namespace muster::app {

class Front final : public http::Service {
 public:
  Front(const Operations& operations, http::Service& api);

  [[nodiscard]] http::Begun begin(const http::Request& request) override;
  [[nodiscard]] bool may_wait(const http::Request& request) const override;
  [[nodiscard]] http::Response refusal(const http::Request& request, int status,
                                       std::string_view message) override;

 private:
  const Operations& operations_;
  http::Service& api_;
};

}  // namespace muster::app
