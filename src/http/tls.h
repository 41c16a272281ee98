// The server side of TLS 1.2 and 1.3 by OpenSSL.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "base/result.h"

namespace muster::http {

// A context with the certificate chain and key of two PEM files. TLS 1.2 offers only forward
// secrecy with authenticated ciphers; no compression, no renegotiation.
// Errors: kUnexpectedError naming the file that cannot be used.
[[nodiscard]] Result<boost::asio::ssl::context> make_tls_context(const std::string& cert_file,
                                                                 const std::string& key_file);

// The context of new connections, replaced while the server runs. Thread-safe.
class Certificate {
 public:
  // Null: no TLS.
  explicit Certificate(std::shared_ptr<boost::asio::ssl::context> context)
      : context_(std::move(context)) {}

  [[nodiscard]] std::shared_ptr<boost::asio::ssl::context> get() const {
    const std::scoped_lock lock(mutex_);
    return context_;
  }
  void replace(std::shared_ptr<boost::asio::ssl::context> context) {
    const std::scoped_lock lock(mutex_);
    context_.swap(context);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<boost::asio::ssl::context> context_;
};

}  // namespace muster::http
