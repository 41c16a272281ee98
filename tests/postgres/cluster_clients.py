"""Two nodes on two databases, and clients that note what they did there in a History."""

import contextlib
import http.client
import itertools
import json
import tempfile
import time

from databases import Pair, wait_until
from history_checker import ACKNOWLEDGED, FIELDS, REFUSED, UNKNOWN, Batch, Read, Row
from muster_server import MusterServer
from remote import Remote
from vault_client import Api, as_csv, person, write_seed

# What a client may be told while parts of the cluster go away and come back.
PASSING = {"UNEXPECTED_ERROR", "OPERATION_IN_PROGRESS", "RACE_CONDITION"}
PATIENCE_S = 90
PAUSE_S = 0.05
# Processes are killed, not the machine: what they gave to the system is there without a sync.
UNSYNCED = ("fsync=off", "full_page_writes=off")


class Nodes:
    """Muster servers on the databases of a pair; some may be away."""

    def __init__(self, folder, pair, count):
        self.place = ["--store", pair.url("muster")]
        self.servers = [MusterServer(folder / f"node{number}", place=self.place)
                        for number in range(count)]
        self.remotes = [None] * count  # None: away

    def fill(self, seed):
        """The first start, on an empty database."""
        self.servers[0].seed = seed
        for number in range(len(self.servers)):
            self.start(number)

    def start(self, number):
        server = self.servers[number].start()
        self.remotes[number] = Remote(f"{server.host}:{server.port}")

    def kill(self, number):
        self.remotes[number] = None
        self.servers[number].kill()

    def stop(self):
        for server in self.servers:
            server.stop()

    def wait_for_writes(self):
        """Until every node has found the database that takes them."""
        for remote in self.remotes:
            wait_until(lambda remote=remote: remote.get("/readyz").status == 200, "not ready")

    def log_in(self):
        return Api(self.remotes[0]).log_in_as(person("nadia.brandt")).session


@contextlib.contextmanager
def running_cluster(folder, users, nodes=2):
    """(pair, nodes) on a seeded directory."""
    with tempfile.TemporaryDirectory(prefix="muster-pair-") as databases:
        with Pair(databases, UNSYNCED) as pair:
            pair.primary.sql("CREATE DATABASE muster")
            servers = Nodes(folder, pair, nodes)
            try:
                servers.fill(write_seed(folder / "seed.json", crowd=users))
                yield pair, servers
            finally:
                servers.stop()


class Client:
    """One at a time, each on the next node."""

    def __init__(self, name, nodes, session, history):
        self.name = name
        self.session = session
        self.history = history
        self.unexpected = []
        self._nodes = nodes
        self._turns = itertools.count()
        self._tags = itertools.count(1)

    def _api(self):
        for _ in range(1000):
            remote = self._nodes.remotes[next(self._turns) % len(self._nodes.remotes)]
            if remote is not None:
                return Api(remote, self.session)
            time.sleep(PAUSE_S)
        raise AssertionError("no node")

    def _put(self, tag, users, key):
        """The outcome of one attempt."""
        records = [{"id": user, **{field: tag for field in FIELDS}} for user in users]
        headers = {"Idempotency-Key": key} if key else {}
        try:
            answer = self._api().put_users_csv(as_csv(records), headers=headers).json
        except (OSError, http.client.HTTPException, ValueError):
            return UNKNOWN
        if answer["responseStatus"] == "SUCCESS":
            rows = {row["responseStatus"] for row in answer["data"]}
            if rows == {"SUCCESS"}:
                return ACKNOWLEDGED
        types = {error["type"] for error in answer.get("errors", [])}
        if not types or not types <= PASSING:
            self.unexpected.append(answer)
        return REFUSED if types == {"RACE_CONDITION"} else UNKNOWN

    def change(self, users):
        """A batch that is sent under its key until it is acknowledged."""
        tag = f"{self.name}-{next(self._tags)}"
        start = time.monotonic()
        while (outcome := self._put(tag, users, key=tag)) != ACKNOWLEDGED:
            if time.monotonic() > start + PATIENCE_S:
                self.unexpected.append(f"{tag} was not acknowledged in {PATIENCE_S} s")
                break
            time.sleep(PAUSE_S)
        self._note(tag, users, start, outcome)

    def change_once(self, users):
        """A batch without a key that is sent once, whatever becomes of it."""
        tag = f"{self.name}-{next(self._tags)}"
        start = time.monotonic()
        self._note(tag, users, start, self._put(tag, users, key=None))

    def _note(self, tag, users, start, outcome):
        self.history.batches.append(
            Batch(tag, tuple(users), start, time.monotonic(), outcome))

    def read(self, user):
        start = time.monotonic()
        try:
            answer = self._api().get(f"/objects/users/{user}").json
        except (OSError, http.client.HTTPException, ValueError):
            return
        if answer["responseStatus"] == "SUCCESS":
            values = values_of(answer["users"][0]["user"])
            self.history.reads.append(Read(user, start, time.monotonic(), values))
        elif not {error["type"] for error in answer["errors"]} <= PASSING:
            self.unexpected.append(answer)


def values_of(user):
    return tuple(user.get(field) or "" for field in FIELDS)


def trail_of(database, users):
    """The rows of the trail about these users that batches wrote, as the database has them."""
    lines = database.sql(
        "SELECT json_build_array(item_id, execution_id, changes) FROM audit WHERE user_name <> "
        f"'System' AND item_id IN ({','.join(map(str, users))}) ORDER BY id", database="muster")
    rows = []
    for user, execution_id, changes in map(json.loads, lines.splitlines()):
        pairs = {field: (old, new) for field, old, new in json.loads(changes)}
        rows.append(Row(user, execution_id, pairs))
    return rows


def present_values(nodes, session, users):
    api = Api(nodes.remotes[0], session)
    return {user: values_of(api.user(user)) for user in users}
