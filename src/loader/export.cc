#include "loader/export.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "loader/api_answer.h"
#include "loader/api_client.h"
#include "loader/open_file.h"

namespace muster::loader {
namespace {

constexpr int kFailed = 1;
constexpr int kUnusable = 2;
constexpr const char* kNoOutput = "Standard output cannot be written.";

int say(const Error& error) {
  fmt::print(stderr, "muster: {}\n", error.message);
  return error.type == ErrorType::kInvalidData ? kUnusable : kFailed;
}

Result<void> write_out(std::string_view piece) {
  if (std::fwrite(piece.data(), 1, piece.size(), stdout) == piece.size()) return {};
  return fail(ErrorType::kUnexpectedError, kNoOutput);
}

Result<void> fetch(ApiClient& client, const ExportOptions& options, const BodySink& sink) {
  const auto answer =
      client.call({.method = "GET",
                   .target = fmt::format("{}/objects/users{}", kApiPath,
                                         options.formula_safe ? "?formula_safe=true" : ""),
                   .headers = {{"Accept", "text/csv"}}},
                  sink);
  if (!answer) return std::unexpected(answer.error());
  if (answer->body.empty()) return {};
  const auto failure = parse_batch_answer(answer->body);
  return fail(ErrorType::kUnexpectedError,
              failure ? whole_failure(*failure) : failure.error().message);
}

// Into a file beside the one that is wanted, which it replaces when it is whole.
Result<void> fetch_to_file(ApiClient& client, const ExportOptions& options, const BodySink& check) {
  const std::string part = options.output + ".part";
  auto file = OpenFile::for_writing(part, 0600);
  if (!file) return std::unexpected(file.error());
  auto done = file->cut_to(0);
  if (done) {
    done = fetch(client, options, [&](const HttpAnswer& head, std::string_view piece) {
      const auto wanted = check(head, piece);
      return wanted ? file->write(piece) : wanted;
    });
  }
  if (done) done = file->sync();
  if (done && std::rename(part.c_str(), options.output.c_str()) != 0) {
    done = fail(ErrorType::kUnexpectedError, options.output + ": cannot be replaced");
  }
  if (!done) ::unlink(part.c_str());
  return done;
}

}  // namespace

int run_export(const ExportOptions& options, const std::stop_token& stop) {
  auto trust = TlsTrust::load(options.ca_file);
  if (!trust) return say(trust.error());
  ApiSession session(options.who);
  ApiClient client(HttpConnection(options.url, *trust), session);
  if (auto opened = session.open(client.connection()); !opened) return say(opened.error());
  const BodySink check = [&](const HttpAnswer& head, std::string_view) -> Result<void> {
    if (stop.stop_requested()) return fail(ErrorType::kUnexpectedError, "Stopped.");
    if (head.header("Content-Type").starts_with("text/csv")) return {};
    return fail(ErrorType::kUnexpectedError, "This server has no export: it answers no CSV.");
  };
  const auto done = options.output.empty()
                        ? fetch(client, options,
                                [&](const HttpAnswer& head, std::string_view piece) {
                                  const auto wanted = check(head, piece);
                                  return wanted ? write_out(piece) : wanted;
                                })
                        : fetch_to_file(client, options, check);
  session.close(client.connection());
  if (!done) return say(done.error());
  if (std::fflush(stdout) == 0) return 0;
  return say(Error{ErrorType::kUnexpectedError, kNoOutput});
}

}  // namespace muster::loader
