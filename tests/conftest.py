"""Fixtures shared by all tests of the running program."""

import pathlib

import pytest

import stores
from muster_server import MusterServer, binary
from proxy import Proxy
from route_recorder import RouteRecorder
from vault_client import CLINICAL_FIRST_ID, CROWD_FIRST_ID, SEED, Api, person, write_seed

CROWD, CLINICAL = 700, 100


def pytest_addoption(parser):
    parser.addoption("--write-routes", metavar="FILE", default=None,
                     help="write the listing of routes with the test files that call them")


def pytest_configure(config):
    config.routes_called = RouteRecorder()


def pytest_collection_modifyitems(config, items):
    """What judges the requests of all tests runs after them."""
    if stores.IS_POSTGRESQL:
        items[:] = [item for item in items if not item.get_closest_marker("embedded")]
    items.sort(key=lambda item: getattr(item.module, "RUNS_LAST", False))
    chosen = any("::" in argument for argument in config.args) or config.option.keyword
    if not chosen:
        config.routes_called.whole_files = {item.path.stem for item in items}


def pytest_runtest_setup(item):
    item.config.routes_called.enter(item)


def pytest_sessionfinish(session):
    page = session.config.getoption("--write-routes")
    if page:
        pathlib.Path(page).write_text(session.config.routes_called.page())


def pytest_collection_finish(session):
    """One clear message instead of an error per test when there is no program to test."""
    if all("tools" in item.path.parts for item in session.items):
        return  # tests of our own scripts need no program
    try:
        binary()
    except FileNotFoundError as missing:
        pytest.exit(str(missing), returncode=2)


@pytest.fixture(scope="session")
def seeded_directory(tmp_path_factory):
    """A data directory that a server initialised from the seed file and closed again. Copies of
    it start faster than a new one, as the seed's passwords are hashed already."""
    folder = tmp_path_factory.mktemp("seeded")
    seed = write_seed(folder / "seed.json", crowd=CROWD, clinical=CLINICAL)
    with MusterServer(folder / "data", seed=seed):
        pass
    return folder / "data"


def start_copy(seeded_directory, folder, **options):
    stores.copy(seeded_directory, folder / "data")
    server = MusterServer(folder / "data", **options)
    server.secrets.update(user["password"] for user in SEED["users"] if "password" in user)
    return server.start()


@pytest.fixture(scope="module")
def server(seeded_directory, tmp_path_factory):
    """One server for all tests of a file: they share its state, so each changes its own users."""
    running = start_copy(seeded_directory, tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture
def own_server(seeded_directory, tmp_path):
    """A server for one test alone."""
    running = start_copy(seeded_directory, tmp_path)
    yield running
    running.stop()


@pytest.fixture
def proxy(own_server):
    """A way to that server that misbehaves as told."""
    with Proxy(own_server.port) as running:
        yield running


@pytest.fixture(scope="module")
def log_in(server):
    """log_in("sara.quality"): an Api with that person's session, one login per file."""
    sessions = {}

    def log_in_once(name):
        if name not in sessions:
            sessions[name] = Api(server).log_in_as(person(name))
        return sessions[name]

    return log_in_once


@pytest.fixture(scope="module")
def nobody(server):
    return Api(server)


@pytest.fixture(scope="module")
def nadia(log_in):
    """Domain Admin and Vault Owner of every vault; her session runs in vault Quality."""
    return log_in("nadia.brandt")


@pytest.fixture(scope="module")
def _crowd():
    return iter(range(CROWD_FIRST_ID, CROWD_FIRST_ID + CROWD))


@pytest.fixture
def target(_crowd):
    """The id of a plain user that no other test of this file touches."""
    return next(_crowd)


@pytest.fixture
def targets(_crowd):
    """targets(3): ids of plain users that no other test of this file touches."""
    return lambda count: [next(_crowd) for _ in range(count)]


@pytest.fixture(scope="module")
def _clinical_crowd():
    return iter(range(CLINICAL_FIRST_ID, CLINICAL_FIRST_ID + CLINICAL))


@pytest.fixture
def clinical_target(_clinical_crowd):
    """The id of a member of vault Clinical alone that no other test of this file touches."""
    return next(_clinical_crowd)


# --- tests/postgres -------------------------------------------------------------------------

@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL server of its own for tests/postgres, whatever MUSTER_TEST_STORE says."""
    running = stores.Cluster()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def seeded_database(cluster, tmp_path_factory):
    """The path that stands for a database which a server filled and left."""
    folder = tmp_path_factory.mktemp("seeded-database")
    seed = write_seed(folder / "seed.json", crowd=20)
    with MusterServer(folder / "data", seed=seed, place=["--store", cluster.url(folder / "data")]):
        pass
    return folder / "data"


@pytest.fixture
def place(cluster, seeded_database, tmp_path):
    """The arguments that lead a server to a fresh copy of the seeded directory."""
    cluster.copy(seeded_database, tmp_path / "data")
    return ["--store", cluster.url(tmp_path / "data")]


@pytest.fixture
def nodes(place, tmp_path):
    """Two servers on one database."""
    with MusterServer(tmp_path / "first", place=place) as first:
        with MusterServer(tmp_path / "second", place=place) as second:
            yield first, second
