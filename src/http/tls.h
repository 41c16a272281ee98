// The server side of TLS 1.2 and 1.3 by OpenSSL.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <string>

#include "base/result.h"

namespace muster::http {

// A context with the certificate chain and key of two PEM files. TLS 1.2 offers only forward
// secrecy with authenticated ciphers; no compression, no renegotiation.
// Errors: kUnexpectedError naming the file that cannot be used.
[[nodiscard]] Result<boost::asio::ssl::context> make_tls_context(const std::string& cert_file,
                                                                 const std::string& key_file);

}  // namespace muster::http
