"""The shapes of memory_1gib.py in a smaller size; the script itself sends 1 GiB each."""

import pytest

from memory_1gib import SHAPES, Memory

SIZE = 64 << 20
LIMIT_KIB = 24 << 10  # a server that kept the body would rise by all of its 64 MiB


@pytest.fixture(scope="module")
def memory(tmp_path_factory):
    with Memory(tmp_path_factory.mktemp("memory")) as bench:
        yield bench


@pytest.mark.parametrize("shape", list(SHAPES))
def test_memory_does_not_grow_with_the_body(memory, shape):
    _, _, rise, _ = memory.measure(shape, SIZE)
    assert rise < LIMIT_KIB, f"{rise / 1024:.1f} MiB"
