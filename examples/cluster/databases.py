"""Two PostgreSQL servers on loopback: a primary, and a standby without which no commit is answered.

    pair = Pair(folder)          # db1 is the primary, db2 follows it
    pair.url("muster")           # of a database on whichever of them is the primary
    pair.fail_over()             # the primary is killed, the standby takes its place
    pair.attach()                # the one that was killed begins anew as the standby
    pair.stop()

Servers end with the thread that started them. PostgreSQL refuses to run as root: then it runs as
the user postgres, to whom the folder is given.
"""

import os
import pathlib
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
ACCOUNT = "postgres"
TIMEOUT_S = 60
SETTINGS = ("listen_addresses=127.0.0.1", "unix_socket_directories=", "synchronous_commit=on",
            "max_connections=200", "shared_buffers=64MB", "wal_keep_size=256MB")
# Those from which connections go out begin above: a server that is away finds its port free again.
PORTS = range(20000, 32000)


def free_port():
    for port in random.SystemRandom().sample(PORTS, 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    raise OSError("no free port")


def unprivileged(ending):
    """The words before a command that must not run as root; `ending` is the signal it gets when
    who started it is gone."""
    words = ["setpriv", f"--pdeathsig={ending}"]
    if os.geteuid() == 0:
        words += [f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--clear-groups"]
    return words


def hand_over(folder):
    """Makes the folder, for commands that run unprivileged."""
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        account = pwd.getpwnam(ACCOUNT)
        os.chown(folder, account.pw_uid, account.pw_gid)


def wait_until(condition, what):
    until = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(what)
        time.sleep(0.02)


class Database:
    """One server with its data in a folder and a port that it keeps."""

    def __init__(self, folder, name, settings=()):
        self.name = name
        self.port = free_port()
        self.data = pathlib.Path(folder) / name
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.settings = [*SETTINGS, f"port={self.port}", f"cluster_name={name}", *settings]
        self.process = None

    def _command(self, program, *arguments):
        return [*unprivileged("QUIT"), BINARIES / program, *arguments]

    def _run(self, program, *arguments):
        with open(self.log, "ab") as log:
            subprocess.run(self._command(program, *arguments), stdout=log, stderr=log, cwd="/",
                           check=True)

    def create(self):
        self._run("initdb", "-D", self.data, "-U", "muster", "-A", "trust", "-N", "-E", "UTF8",
                  "--locale", "C")

    def copy(self, other):
        """Begins anew as a copy that follows the other one."""
        shutil.rmtree(self.data, ignore_errors=True)
        self._run("pg_basebackup", "-D", self.data, "-h", "127.0.0.1", "-p", str(other.port),
                  "-U", "muster", "-R", "-X", "stream", "-c", "fast", "--no-sync")

    def start(self):
        options = [word for setting in self.settings for word in ("-c", setting)]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self._command("postgres", "-D", self.data, *options),
                                            stdout=log, stderr=log, cwd="/",
                                            start_new_session=True)
        wait_until(self._answers, f"{self.name} did not start: see {self.log}")

    def _answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {self.log.read_text()[-2000:]}")
        return subprocess.run([BINARIES / "pg_isready", "-q", "-h", "127.0.0.1",
                               "-p", str(self.port)], check=False).returncode == 0

    def halt(self, ending=signal.SIGQUIT):
        """Stops the server at once, as a crash would; start() brings it back."""
        if self.process is None:
            return
        self.process.send_signal(ending)
        self.process.wait()
        self.process = None

    def stop(self):
        self.halt(signal.SIGINT)

    def sql(self, *statements, database="postgres"):
        """What psql prints, a line a row; each statement is a transaction of its own."""
        words = [word for statement in statements for word in ("-c", statement)]
        done = subprocess.run(["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "muster",
                               "-d", database, "-qAtX", "-v", "ON_ERROR_STOP=1", *words],
                              capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def wait_for_standby(self, name):
        """Commits are answered when that standby has them, or, without a name, at once."""
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'",
                 "SELECT pg_reload_conf()")
        if not name:
            return
        of_standby = f"FROM pg_stat_replication WHERE application_name = '{name}'"
        wait_until(lambda: self.sql(f"SELECT sync_state {of_standby}") == "sync",
                   f"{name} does not follow")
        # The checkpointer tells the others that commits wait. Once it has done something else it
        # has done that, and from here on the standby must have everything.
        here = self.sql("CHECKPOINT", "SELECT pg_current_wal_lsn()")
        wait_until(lambda: self.sql(f"SELECT flush_lsn >= '{here}' {of_standby}") == "t",
                   f"{name} does not catch up")


class Pair:
    def __init__(self, folder, settings=()):
        hand_over(folder)
        self.primary = Database(folder, "db1", settings)
        self.standby = Database(folder, "db2", settings)
        self.hosts = f"127.0.0.1:{self.primary.port},127.0.0.1:{self.standby.port}"
        self.primary.create()
        try:
            self.primary.start()
            self.attach()
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.stop()

    def url(self, database):
        return f"postgresql://muster@{self.hosts}/{database}?target_session_attrs=read-write"

    def attach(self):
        """A new standby. While there is none the primary does not wait for one."""
        self.primary.wait_for_standby("")
        self.standby.halt()
        self.standby.copy(self.primary)
        self.restart_standby()

    def restart_standby(self):
        self.standby.start()
        self.primary.wait_for_standby(self.standby.name)

    def fail_over(self):
        self.primary.halt()
        self.promote()

    def promote(self):
        """The standby, which waits for no other, becomes the primary."""
        if self.standby.sql("SELECT pg_promote()") != "t":
            raise RuntimeError(f"{self.standby.name} was not promoted")
        self.primary, self.standby = self.standby, self.primary

    def stop(self):
        self.primary.stop()
        self.standby.stop()
