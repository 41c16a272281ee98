"""Servers on a PostgreSQL cluster of their own, whatever MUSTER_TEST_STORE says."""

import pytest

from muster_server import MusterServer
from stores import Cluster
from vault_client import write_seed


@pytest.fixture(scope="session")
def cluster():
    running = Cluster()
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
