"""What a run starts: the server under test, the sink, and the programs that print one JSON line.

Everything is stopped by its own pid when its `with` block ends.
"""

import http.client
import json
import os
import pathlib
import signal
import sqlite3
import subprocess
import time
import urllib.parse

ADMIN = "admin@example.com"
PASSWORD = "Bench-Only-On-Loopback-1"
FIRST_DEMO_ID = 25001
API = "/api/v23.3"


def clean_environment(**extra):
    """The environment without the caller's own settings of the server."""
    return {k: v for k, v in os.environ.items() if not k.startswith("MUSTER_")} | extra


class Server:
    """A `muster serve` on a free port; ready_s is the time to its ready line."""

    def __init__(self, muster, directory, users, store=None):
        self.directory = pathlib.Path(directory)
        place = ["--store", store] if store else ["--data", str(directory)]
        command = [str(muster), "serve", *place, "--listen", "127.0.0.1:0", "--demo", str(users)]
        environment = clean_environment(MUSTER_ADMIN_USER=ADMIN, MUSTER_ADMIN_PASSWORD=PASSWORD)
        self.log = pathlib.Path(f"{directory}.log")
        begin = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment,
                                            stdout=subprocess.PIPE, stderr=log, text=True)
        self.users = users
        self._session = None
        try:
            self.port = self._wait_until_ready()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        self.ready_s = time.monotonic() - begin

    def _wait_until_ready(self):
        for line in self.process.stdout:
            if line.startswith("muster ready at "):
                return int(line.strip().rsplit(":", 1)[1])
        raise RuntimeError("the server did not become ready: " + self.log.read_text()[-1000:])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=900) != 0 and kind is None:
            raise RuntimeError("the server failed: " + self.log.read_text()[-1000:])
        self.process.stdout.close()

    @property
    def session(self):
        """One login for the whole run: logins are limited and cost a password hash."""
        if self._session is None:
            form = urllib.parse.urlencode({"username": ADMIN, "password": PASSWORD})
            answer = self.call("POST", f"{API}/auth", form,
                               {"Content-Type": "application/x-www-form-urlencoded"})
            self._session = json.loads(answer)["sessionId"]
        return self._session

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers or {"Authorization": self.session})
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def written_bytes(self):
        """What the kernel had to write for it: pages of its files, not bytes of its calls."""
        io = pathlib.Path(f"/proc/{self.process.pid}/io").read_text()
        line = next(line for line in io.splitlines() if line.startswith("write_bytes"))
        return int(line.split()[1])

    def settle(self):
        """Waits until a snapshot or checkpoint of the last run is over: what is measured next must
        not share the disk with it."""
        deadline = time.monotonic() + 10
        written = -1
        while written != self.written_bytes() and time.monotonic() < deadline:
            written = self.written_bytes()
            time.sleep(0.25)

    def last_journal_row(self):
        with self._database() as database:
            return database.execute("SELECT coalesce(max(seq), 0) FROM journal").fetchone()[0]

    def journal_bytes(self, after):
        """Bytes of change behind row `after`, from at most about 200 rows spread over them."""
        with self._database() as database:
            last = database.execute("SELECT max(seq) FROM journal").fetchone()[0]
            step = max(1, (last - after) // 200)
            rows = range(last, after, -step)
            size = sum(database.execute(
                "SELECT length(CAST(record AS BLOB)) FROM journal WHERE seq = ?",
                (row,)).fetchone()[0] for row in rows)
        return size / len(rows) * (last - after)

    def _database(self):
        return sqlite3.connect(f"file:{self.directory / 'muster.db'}?mode=ro", uri=True)


class Sink:
    """bench_sink; with `answer` it gives that to every request."""

    def __init__(self, programs, answer=None):
        command = [str(programs / "bench_sink")] + ([str(answer)] if answer else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def run_json(command, **environment):
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False,
                          env=clean_environment(**environment))
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stderr.strip()[:1000]}")
    return json.loads(done.stdout)


class Programs:
    """The programs of bench/, as functions that return what they printed."""

    def __init__(self, folder, scratch):
        self.folder = pathlib.Path(folder)
        self.scratch = scratch

    def raw_journal(self, users, seconds):
        return run_json([self.folder / "bench_raw_journal", self.scratch / "raw.log", users,
                         seconds])

    def sqlite(self, users, seconds):
        return run_json([self.folder / "bench_sqlite", self.scratch / f"stock-{users}.db", users,
                         seconds])

    def parse(self):
        return run_json([self.folder / "bench_parse"])

    def sink(self, answer=None):
        return Sink(self.folder, answer)

    def load(self, server, clients, form, seconds, *options):
        figures = self._send("bench_load", server, "--clients", clients, "--format", form,
                             "--seconds", seconds, "--users", server.users, *options)
        server.settle()
        return figures

    def load_sink(self, sink, users, clients, form, seconds):
        return run_json([self.folder / "bench_load", "--port", sink.port, "--peer", "sink",
                         "--clients", clients, "--format", form, "--seconds", seconds,
                         "--first-id", FIRST_DEMO_ID, "--users", users])

    def get(self, server, path, clients, seconds, *options):
        return self._send("bench_get", server, "--path", path, "--clients", clients,
                          "--seconds", seconds, *options)

    def get_sink(self, sink, path, clients, seconds, *options):
        return run_json([self.folder / "bench_get", "--port", sink.port, "--path", path,
                         "--clients", clients, "--seconds", seconds, *options])

    def flood(self, server, shape, mib):
        return run_json([self.folder / "bench_flood", "--port", server.port, "--shape", shape,
                         "--mib", mib], MUSTER_SESSION=server.session)

    def flood_sink(self, sink, shape, mib):
        return run_json([self.folder / "bench_flood", "--port", sink.port, "--peer", "sink",
                         "--shape", shape, "--mib", mib])

    def _send(self, program, server, *options):
        return run_json([self.folder / program, "--port", server.port,
                         "--first-id", FIRST_DEMO_ID, *options], MUSTER_SESSION=server.session)
