#include "loader/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "loader/api_answer.h"
#include "loader/capabilities.h"
#include "loader/check_file.h"
#include "loader/limits.h"
#include "loader/load_place.h"
#include "loader/load_workers.h"
#include "loader/outcome_log.h"
#include "loader/patience.h"
#include "loader/progress.h"

namespace muster::loader {
namespace {

constexpr int kFine = 0;
constexpr int kFailed = 1;
constexpr int kUnusable = 2;
constexpr int kRecordsFailed = 3;
constexpr std::chrono::seconds kFirstLogin{3};  // a wrong URL should not take long to be told

using Clock = std::chrono::steady_clock;

int say(int code, const std::string& message) {
  fmt::print(stderr, "muster: {}\n", message);
  return code;
}

// A problem of what was given is the caller's to mend; anything else is a failure.
int say(const Error& error) {
  return say(error.type == ErrorType::kInvalidData ? kUnusable : kFailed, error.message);
}

int tell_problems(const std::string& file, const ProblemList& problems) {
  std::vector<Problem> shown = problems.shown();
  std::ranges::sort(shown, {}, [](const Problem& p) { return std::pair(p.line, p.column); });
  for (const Problem& problem : shown) {
    const std::string place =
        problem.line == 0 ? "" : fmt::format("{}:{}: ", problem.line, problem.column);
    fmt::print(stderr, "{}:{}{}\n", file, place.empty() ? " " : place, problem.message);
  }
  if (problems.count() > shown.size()) {
    fmt::print(stderr, "... and {} more\n", problems.count() - shown.size());
  }
  return say(kUnusable, fmt::format("{} has {} problem{}; nothing was sent.", file,
                                    problems.count(), problems.count() == 1 ? "" : "s"));
}

bool same_file(const std::string& a, const std::string& b) {
  std::error_code unknown;
  return !a.empty() && !b.empty() && (a == b || std::filesystem::equivalent(a, b, unknown));
}

ByteSource source_of(OpenFile& file) {
  return [&file](std::span<char> into) { return file.read(into); };
}

class Load {
 public:
  Load(OpenFile input, const LoadOptions& options, std::stop_token stop)
      : input_(std::move(input)),
        options_(options),
        stop_(std::move(stop)),
        session_(options.who),
        call_{.operation = options.operation,
              .id_param = options.id_param,
              .dry_run = options.dry_run,
              .atomic = options.atomic,
              .formula_safe = options.formula_safe} {}

  // Empty while there is something to resume.
  [[nodiscard]] const std::string& spent_state() const { return spent_state_; }

  int run() {
    if (same_file(options_.file, options_.results) || same_file(options_.file, options_.failed) ||
        same_file(options_.results, options_.failed)) {
      return say(kUnusable, "FILE, --results and --failed must be three different files.");
    }
    auto trust = TlsTrust::load(options_.ca_file);
    if (!trust) return say(trust.error());
    trust_ = *trust;
    ApiClient client = new_client();
    const auto fields = ask_server(client);
    if (!fields) return say(kFailed, fields.error().message);
    if (!*fields) return kFailed;
    if (const auto code = check(**fields)) return *code;
    if (const auto begun = begin(); !begun) return say(begun.error());
    const auto started = Clock::now();
    const auto done = send_all();
    session_.close(client.connection());
    return done ? conclude(Clock::now() - started) : give_up(done.error());
  }

 private:
  ApiClient new_client() { return {HttpConnection(options_.url, trust_), session_}; }

  // Logs in, asks for what the calls need, and for the fields; nullopt: stopped.
  Result<std::optional<std::vector<std::string>>> ask_server(ApiClient& client) {
    const auto opened = persist(Patience(kFirstLogin, stop_), [&]() -> Result<bool> {
      const auto login = session_.open(client.connection());
      return login ? Result<bool>(true) : std::unexpected(login.error());
    });
    if (!opened) return std::unexpected(opened.error());
    if (!*opened) return std::nullopt;
    return persist(Patience(options_.retry_for, stop_), [&]() -> Result<std::vector<std::string>> {
      if (auto able = require_capabilities(client, call_); !able) {
        return std::unexpected(able.error());
      }
      const auto answer = client.call({.method = "GET",
                                       .target = fmt::format("{}/metadata/objects/users", kApiPath),
                                       .headers = {{"Accept", "application/json"}}});
      return answer ? parse_field_names(answer->body) : std::unexpected(answer.error());
    });
  }

  // The exit code when the file cannot be used.
  std::optional<int> check(const std::vector<std::string>& fields) {
    const auto stamp = input_.stamp();
    if (!stamp) return say(stamp.error());
    stamp_ = *stamp;
    ProblemList problems;
    const HeaderRules rules{
        .operation = options_.operation, .id_param = options_.id_param, .known_fields = fields};
    auto checked = check_file(source_of(input_), rules, problems);
    if (!checked) return say(checked.error());
    if (!problems.empty()) return tell_problems(options_.file, problems);
    file_ = std::move(*checked);
    if (options_.atomic && file_.records > options_.batch) {
      fmt::print(stderr, "muster: --atomic holds for each batch of {} records on its own.\n",
                 options_.batch);
    }
    return std::nullopt;
  }

  Result<void> begin() {
    auto place = find_place(options_, file_);
    if (!place) return std::unexpected(place.error());
    place_ = std::move(*place);
    call_.load_id = place_.load_id;
    return {};
  }

  // An error that ended it; stopping is none.
  Result<void> send_all() {
    if (auto back = input_.rewind(); !back) return back;
    LoadCounters counters;
    counters.done = place_.mark.records();
    counters.failed = place_.mark.failed;
    BatchCutter cutter(source_of(input_), file_.columns, options_.batch);
    for (std::uint64_t skipped = 0; skipped < place_.mark.batches; ++skipped) {
      static_cast<void>(cutter.next());
    }
    records_before_ = place_.mark.records();
    OutcomeLog log(std::move(place_.files), place_.state ? &*place_.state : nullptr, place_.mark,
                   std::uint64_t{options_.jobs} * limits::kBatchesAheadPerJob, counters);
    Result<void> done;
    {
      const ProgressDisplay display(counters, file_.records);
      done = run_workers(cutter, log, stop_, options_.jobs, [&](const std::stop_token& halt) {
        return BatchSender(new_client(), call_, options_.retry_for, halt);
      });
    }
    place_.mark = log.mark();
    const auto stamp = input_.stamp();
    if (done && stamp && *stamp != stamp_) {
      return fail(ErrorType::kUnexpectedError, options_.file + " changed while it was read.");
    }
    return done;
  }

  int give_up(const Error& error) {
    print_sums();
    return say(kFailed, error.message + how_to_go_on());
  }

  std::string how_to_go_on() const {
    return place_.state ? "\nmuster: The same command with --resume goes on from here." : "";
  }

  int conclude(Clock::duration time) {
    const double seconds = std::chrono::duration<double>(time).count();
    const std::uint64_t sent = place_.mark.records() - records_before_;
    fmt::print("{}{}: {} records in {:.1f} s, {:.0f} records/s\n",
               options_.dry_run ? "dry run of " : "", options_.file, sent, seconds,
               static_cast<double>(sent) / std::max(seconds, 0.001));
    print_sums();
    if (place_.mark.records() < file_.records) {
      return say(kFailed, fmt::format("Stopped after {} of {} records.{}", place_.mark.records(),
                                      file_.records, how_to_go_on()));
    }
    if (place_.state) spent_state_ = place_.state->path();
    if (place_.mark.failed == 0) return kFine;
    if (!options_.failed.empty()) {
      fmt::print("the failed rows are in {}: mend them there and load that file\n",
                 options_.failed);
    }
    return kRecordsFailed;
  }

  void print_sums() const {
    fmt::print("read {} = succeeded {} + failed {} + unchanged {}\n", place_.mark.records(),
               place_.mark.succeeded, place_.mark.failed, place_.mark.unchanged);
  }

  OpenFile input_;
  const LoadOptions& options_;
  std::stop_token stop_;
  ApiSession session_;
  BatchCall call_;
  TlsTrust trust_;
  FileStamp stamp_;
  CheckedFile file_;
  LoadPlace place_;
  std::string spent_state_;
  std::uint64_t records_before_ = 0;  // of earlier runs
};

}  // namespace

std::string_view name_of(Operation operation) {
  switch (operation) {
    case Operation::kUpdate:
      return "update";
    case Operation::kCreate:
      return "create";
    case Operation::kUpsert:
      return "upsert";
  }
  return {};
}

Result<OpenFile> open_input(const std::string& path) {
  auto file = OpenFile::for_reading(path);
  if (!file) return file;
  std::string start(4 * limits::kKiB, '\0');
  const auto got = file->read(start);
  if (!got) return std::unexpected(got.error());
  start.resize(*got);
  if (const std::string what = what_instead_of_csv(start); !what.empty()) {
    return fail(ErrorType::kInvalidData, path + ": " + what);
  }
  if (auto back = file->rewind(); !back) {
    return fail(ErrorType::kInvalidData, path + ": is not a file that can be read twice");
  }
  return file;
}

int run_load(OpenFile input, const LoadOptions& options, std::stop_token stop,
             std::string& spent_state) {
  Load load(std::move(input), options, std::move(stop));
  const int code = load.run();
  spent_state = load.spent_state();
  return code;
}

}  // namespace muster::loader
