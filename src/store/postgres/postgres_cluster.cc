#include "store/postgres/postgres_cluster.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>
#include <vector>

#include "store/postgres/connection.h"

namespace muster::store {
namespace {

const std::filesystem::path kBinaries = "/usr/lib/postgresql/15/bin";

[[noreturn]] void give_up(const std::string& reason) {
  std::fprintf(stderr, "no PostgreSQL for the tests: %s\n", reason.c_str());
  std::abort();
}

pid_t start(std::vector<std::string> command, const std::filesystem::path& log) {
  if (::geteuid() == 0) {
    command.insert(command.begin(),
                   {"setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"});
  }
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& word : command) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = ::fork();
  if (child != 0) return child;
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // a test that aborts leaves no server behind
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (out < 0) ::_exit(126);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  ::execvp(arguments.front(), arguments.data());
  ::_exit(127);
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace

PostgresCluster::PostgresCluster() {
  std::string name = (std::filesystem::temp_directory_path() / "muster-postgres-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) give_up("no temporary directory");
  root_ = name;
  if (::geteuid() == 0) {
    const passwd* const user = ::getpwnam("postgres");
    if (user == nullptr || ::chown(root_.c_str(), user->pw_uid, user->pw_gid) != 0) {
      give_up("no user postgres");
    }
  }
  const std::filesystem::path log = root_ / "log";
  const std::string data = (root_ / "data").string();
  if (wait_for(start({kBinaries / "initdb", "-D", data, "-U", "muster", "-A", "trust", "-N",
                      "--no-instructions", "-E", "UTF8", "--locale", "C"},
                     log)) != 0) {
    give_up("initdb failed, see " + log.string());
  }
  server_ = start({kBinaries / "postgres", "-D", data, "-k", root_, "-c", "listen_addresses=", "-c",
                   "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", "-c",
                   "max_connections=100"},
                  log);
  for (int look = 0; look < 200; ++look) {
    if (Connection::open(conninfo("public"), "")) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  give_up("the server does not start, see " + log.string());
}

PostgresCluster::~PostgresCluster() {
  ::kill(server_, SIGQUIT);  // at once: nothing is kept
  wait_for(server_);
  std::filesystem::remove_all(root_);
}

std::string PostgresCluster::make_schema() {
  std::string name = "case_" + std::to_string(++schemas_);
  run("CREATE SCHEMA " + name);
  return name;
}

std::string PostgresCluster::conninfo(const std::string& schema) const {
  return "host=" + root_.string() + " user=muster dbname=postgres options=-csearch_path=" + schema;
}

void PostgresCluster::run(const std::string& statement, const std::string& schema) const {
  auto connection = Connection::open(conninfo(schema), "");
  if (!connection) give_up(connection.error().message);
  const auto rows = connection->ask(statement);
  if (!rows) give_up(rows.error().message);
}

std::string PostgresCluster::log() const {
  std::ifstream file(root_ / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace muster::store
