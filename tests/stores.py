"""Where the servers under test keep their directories: each in a data directory of its own, or,
with MUSTER_TEST_STORE=postgresql, each in a database of its own on one server that this module
starts for the run. A test names a directory by a path either way.
"""

import atexit
import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time

IS_POSTGRESQL = os.environ.get("MUSTER_TEST_STORE") == "postgresql"
BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
START_TIMEOUT_S = 30


def arguments(data):
    """The arguments of `muster serve` for the directory at this path."""
    if not IS_POSTGRESQL:
        return ["--data", str(data)]
    return ["--store", Cluster.running().url(data)]


def copy(source, target):
    """Makes `target` a copy of a directory that no server is using."""
    if IS_POSTGRESQL:
        Cluster.running().copy(source, target)
        pathlib.Path(target).mkdir(parents=True)
    else:
        shutil.copytree(source, target)


class Cluster:
    """A PostgreSQL server in a temporary directory, on a unix socket there; fast, not durable.
    PostgreSQL refuses to run as root: then it runs as the user postgres."""

    _running = None

    @classmethod
    def running(cls):
        if cls._running is None:
            cls._running = cls()
            atexit.register(cls._running.stop)
        return cls._running

    def __init__(self, settings=()):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="muster-postgres-"))
        self.databases = {}  # by path
        self.user = []
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.root, account.pw_uid, account.pw_gid)
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups",
                         "--pdeathsig=QUIT"]
        self.settings = ["listen_addresses=", "fsync=off", "full_page_writes=off",
                         "shared_buffers=64MB", "max_connections=300", *settings]
        self._log = open(self.root / "log", "ab")
        subprocess.run([*self.user, BINARIES / "initdb", "-D", self.root / "data", "-U", "muster",
                        "-A", "trust", "-N", "-E", "UTF8", "--locale", "C"],
                       stdout=self._log, stderr=self._log, check=True, cwd="/")
        self.start()

    def start(self):
        options = [word for setting in self.settings for word in ("-c", setting)]
        self.process = subprocess.Popen(
            [*self.user, BINARIES / "postgres", "-D", self.root / "data", "-k", self.root,
             *options], stdout=self._log, stderr=self._log, cwd="/")
        until = time.monotonic() + START_TIMEOUT_S
        while subprocess.run([BINARIES / "pg_isready", "-q", "-h", self.root],
                             check=False).returncode != 0:
            assert time.monotonic() < until, (self.root / "log").read_text()
            time.sleep(0.05)

    def halt(self):
        """Stops the server at once, as a crash would; start() brings it back."""
        self.process.send_signal(3)
        self.process.wait()

    @contextlib.contextmanager
    def hanging(self):
        """No process of the server runs on until the block ends."""
        server = self.process.pid
        children = pathlib.Path(f"/proc/{server}/task/{server}/children").read_text().split()
        pids = [server, *map(int, children)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def stop(self):
        self.halt()
        self._log.close()
        shutil.rmtree(self.root)

    def sql(self, statement, database="postgres"):
        """What psql prints, a line a row."""
        done = subprocess.run(["psql", "-h", self.root, "-U", "muster", "-d", database, "-qAtX",
                               "-v", "ON_ERROR_STOP=1", "-c", statement],
                              capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def database(self, path):
        """The name of the database of that path; made when there is none."""
        return self.databases.get(str(path)) or self._make(path, "template0")

    def copy(self, source, target):
        self._make(target, self.databases[str(source)])

    def url(self, path, host=None, port=5432):
        return (f"postgresql://muster@/{self.database(path)}?host={host or self.root}"
                f"&port={port}")

    def _make(self, path, template):
        name = f"muster_{len(self.databases) + 1}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        self.databases[str(path)] = name
        return name
