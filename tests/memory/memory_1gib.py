#!/usr/bin/python3
"""Sends huge bodies of every shape and shows how little the server's memory grows.

    tests/memory/memory_1gib.py [--size-mib 1024] [--limit-mib 64] [SHAPE ...]

The bodies are generated on the fly. For each shape: the answer must be the right one, and the
peak of resident memory may rise by less than the limit above what it was before.
"""

import argparse
import http.client
import pathlib
import select
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from muster_server import MusterServer, RawConnection  # noqa: E402
from vault_client import Api, person, write_seed  # noqa: E402

BLOCK = 1 << 20
CSV, JSON, FORM = "text/csv", "application/json", "application/x-www-form-urlencoded"


def filled(start, filler, end=b""):
    """start, then as many fillers as fit, then end: exactly the wanted size or just below."""
    def blocks(size):
        yield start
        left = size - len(start) - len(end)
        block = filler * (BLOCK // len(filler))
        while left >= len(block):
            yield block
            left -= len(block)
        yield filler * (left // len(filler))
        yield end
    return blocks


def numbered(start, piece, end, per_block=10_000):
    """Pieces with a running number, for keys that must differ."""
    def blocks(size):
        yield start
        left, n = size - len(start) - len(end), 0
        while True:
            block = b"".join(piece % (n + i) for i in range(per_block))
            if len(block) > left:
                break
            yield block
            left -= len(block)
            n += per_block
        yield end
    return blocks


def long_cells(size):
    """500 records whose one text is far too long: legal bytes, 500 failing records."""
    yield b"id,user_title__v\n"
    cell = b"x" * (size // 500 - 8)
    for n in range(500):
        yield b"%d,%s\n" % (30001 + n, cell)


def long_strings(size):
    yield b"["
    text = b"x" * (size // 500 - 40)
    for n in range(500):
        yield b'%s{"id":%d,"user_title__v":"%s"}' % (b"," if n else b"", 30001 + n, text)
    yield b"]"


def many_small_mistakes(_):
    """500 records of 60 unknown keys each, which JSON could only tell six times their size, beside
    a licensing cell that is as long as a cell may be: 70 MB."""
    keys = b",".join(b'"%02d%s":1' % (n, b"\\u0001" * 200) for n in range(60))
    licensing = b"3003|" + b" " * 65_000 + b"exampleQms_v"
    yield b"["
    for n in range(500):
        yield b'%s{"id":%d,"app_licensing":"%s",%s}' % (b"," if n else b"", 30001 + n, licensing,
                                                        keys)
    yield b"]"


def many_licenses(_):
    """500 records of 100 application licenses each with the longest names there may be."""
    names = b"|".join(b"%s%02d:false" % (b"a" * 98, n) for n in range(100))
    yield b"id,user_email__v,app_licensing\n"
    for n in range(500):
        yield b"%d,wrong,3003|%s\n" % (30001 + n, names)


def whole(kind):
    """The request fails as a whole with one of these types."""
    def check(envelope):
        assert envelope["responseStatus"] == "FAILURE", envelope
        assert envelope["errors"][0]["type"] in kind.split("|"), envelope
        return envelope["errors"][0]["type"]
    return check


def rows(count, kind=None):
    """The request succeeds with so many rows, all failing with that type."""
    def check(envelope):
        assert envelope["responseStatus"] == "SUCCESS", envelope
        data = envelope["data"]
        assert len(data) == count, len(data)
        for row in data:
            assert row["responseStatus"] == "FAILURE"
            assert row["errors"][0]["type"] in kind.split("|"), row
        types = sorted({row["errors"][0]["type"] for row in data})
        return " ".join([f"{count} rows", *types])
    return check


def either(envelope):
    """Limits on keys and lists may fail the record or the request; never succeed, never crash."""
    if envelope["responseStatus"] == "FAILURE":
        return whole("INVALID_DATA|ATTRIBUTE_NOT_SUPPORTED|PARAMETER_REQUIRED")(envelope)
    return rows(1, "INVALID_DATA|ATTRIBUTE_NOT_SUPPORTED|PARAMETER_REQUIRED")(envelope)


# name: (content type, body, what the answer must be)
SHAPES = {
    "csv: one line": (CSV, filled(b"id,user_title__v\n30001,", b"x"), rows(1, "INVALID_DATA")),
    "csv: header line without end": (CSV, filled(b"id,", b"x"),
                                     whole("ATTRIBUTE_NOT_SUPPORTED|INVALID_DATA")),
    "csv: ever more columns": (CSV, filled(b"id", b",site__v"), whole("INVALID_DATA")),
    "csv: quote never closed": (CSV, filled(b'id,user_title__v\n30001,"', b"x"),
                                whole("INVALID_DATA")),
    "csv: quoted lines never closed": (CSV, filled(b'id,user_title__v\n30001,"', b"x\n"),
                                       whole("INVALID_DATA")),
    "csv: doubled quotes": (CSV, filled(b'id,user_title__v\n30001,"', b'""', b'"\n'),
                            rows(1, "INVALID_DATA")),
    "csv: backslashes": (CSV, filled(b"id,user_title__v\n30001,", b"\\"),
                         rows(1, "INVALID_DATA")),
    "csv: millions of records": (CSV, filled(b"id,user_title__v\n", b"30001,x\n"),
                                 whole("INVALID_DATA")),
    "csv: millions of cells in a record": (CSV, filled(b"id,user_title__v\n30001", b",x"),
                                           rows(1, "INVALID_DATA")),
    "csv: 500 over-long cells": (CSV, long_cells, rows(500, "INVALID_DATA")),
    "csv: empty lines": (CSV, filled(b"id\n", b"\n"), rows(0)),
    "csv: CRLF lines": (CSV, filled(b"id\n", b"\r\n"), rows(0)),
    "csv: blanks in an id": (CSV, filled(b"id\n", b" "),
                             rows(1, "PARAMETER_REQUIRED|INVALID_DATA")),
    "json: one string": (JSON, filled(b'[{"id":30001,"user_title__v":"', b"x", b'"}]'),
                         rows(1, "INVALID_DATA")),
    "json: string never closed": (JSON, filled(b'[{"id":30001,"user_title__v":"', b"x"),
                                  whole("INVALID_DATA")),
    "json: 500 long strings": (JSON, long_strings, rows(500, "INVALID_DATA")),
    "json: escapes": (JSON, filled(b'[{"id":30001,"user_title__v":"', b"\\u00e9", b'"}]'),
                      rows(1, "INVALID_DATA")),
    "json: one number": (JSON, filled(b'[{"id":30001,"user_title__v":1', b"0", b"}]"),
                         rows(1, "INVALID_DATA")),
    "json: blanks": (JSON, filled(b"[", b" ", b"]"), rows(0)),
    "json: blanks before everything": (JSON, filled(b"", b"\n", b"[]"), rows(0)),
    "json: unknown value": (JSON, filled(b'[{"id":30001,"nickname":"', b"x", b'"}]'),
                            rows(1, "ATTRIBUTE_NOT_SUPPORTED|INVALID_DATA")),
    "json: one key": (JSON, filled(b'[{"id":30001,"', b"k", b'":1}]'),
                      either),
    "json: unknown keys": (JSON, numbered(b'[{"id":30001', b',"k%d":1', b"}]"),
                           either),
    "json: millions of scalars": (JSON, filled(b"[0", b",0", b"]"), whole("INVALID_DATA")),
    "json: millions of records": (JSON, filled(b"[{}", b",{}", b"]"), whole("INVALID_DATA")),
    "json: ever deeper": (JSON, filled(b'[{"id":30001,"site__v":', b"["), whole("INVALID_DATA")),
    "json: long nested list": (JSON, filled(b'[{"id":30001,"vault_membership":[3003', b",3003",
                                            b"]}]"), either),
    "json: many small mistakes": (JSON, many_small_mistakes,
                                  rows(500, "ATTRIBUTE_NOT_SUPPORTED|INVALID_DATA")),
    "csv: many application licenses": (CSV, many_licenses, rows(500, "INVALID_DATA")),
    "zero bytes": (None, filled(b"", b"\0"), either),
}


def send_body(connection, blocks):
    """Chunks until the body ends or the server answers early. Returns the bytes sent."""
    sent = 0
    for block in blocks:
        if not block:
            continue
        if select.select([connection.socket], [], [], 0)[0]:
            return sent
        try:
            connection.send(b"%x\r\n%s\r\n" % (len(block), block))
        except (BrokenPipeError, ConnectionResetError):
            return sent
        sent += len(block)
    connection.try_send(b"0\r\n\r\n")
    return sent


def reset_peak(server):
    """Makes the kernel count VmHWM anew from here."""
    pathlib.Path(f"/proc/{server.pid}/clear_refs").write_text("5")


class Memory:
    def __init__(self, folder):
        self.server = MusterServer(folder / "data", seed=write_seed(folder / "seed.json", crowd=500))
        self.server.start()
        self.api = Api(self.server).log_in_as(person("nadia.brandt"))
        # A full batch first: what the server needs to work at all is not growth.
        for _ in range(3):
            self.api.put_users_json([{"id": 30001 + n, "site__v": "warm"} for n in range(500)])

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self.server.stop()
        else:
            self.server.kill()

    def measure(self, name, size):
        """Sends one shape; returns (verdict, bytes sent, rise of the peak in KiB, seconds)."""
        content_type, blocks, check = SHAPES[name]
        before = self.server.memory_kib()
        reset_peak(self.server)
        started = time.monotonic()
        with RawConnection(self.server, timeout=300) as connection:
            connection.send(
                (f"PUT /api/v24.3/objects/users HTTP/1.1\r\nHost: a\r\n"
                 f"Authorization: {self.api.session}\r\n" +
                 (f"Content-Type: {content_type}\r\n" if content_type else "") +
                 "Transfer-Encoding: chunked\r\n\r\n").encode())
            sent = send_body(connection, blocks(size))
            reply = connection.reply()
        assert reply is not None, f"{name}: no answer"
        verdict = check(reply.json)
        rise = self.server.memory_kib("VmHWM") - before
        assert self.api.user("me")["id"] == 25001
        return verdict, sent, rise, time.monotonic() - started


def refuse_one_byte_more(memory):
    """1 GiB + 1 byte of a body that is legal otherwise, sent without a length."""
    before = memory.server.memory_kib()
    reset_peak(memory.server)
    with RawConnection(memory.server, timeout=300) as connection:
        connection.send(
            f"PUT /api/v24.3/objects/users HTTP/1.1\r\nHost: a\r\n"
            f"Authorization: {memory.api.session}\r\nContent-Type: application/json\r\n"
            f"Transfer-Encoding: chunked\r\n\r\n".encode())
        send_body(connection, filled(b"[", b" ", b"]")((1 << 30) + 1))
        verdict = whole("EXCEEDS_FILE_MAX_SIZE")(connection.reply().json)
    return verdict, memory.server.memory_kib("VmHWM") - before


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--size-mib", type=int, default=1024)
    parser.add_argument("--limit-mib", type=int, default=64)
    parser.add_argument("shapes", nargs="*", default=list(SHAPES), metavar="SHAPE")
    arguments = parser.parse_args()
    failed = []
    with tempfile.TemporaryDirectory() as folder, Memory(pathlib.Path(folder)) as memory:
        print(f"resident when idle: {memory.server.memory_kib() / 1024:.1f} MiB\n")
        print(f"{'shape':38} {'sent MiB':>9} {'rise MiB':>9} {'s':>6}  answer")
        for name in arguments.shapes:
            try:
                verdict, sent, rise, seconds = memory.measure(name, arguments.size_mib << 20)
            except (AssertionError, OSError, http.client.HTTPException) as error:
                failed.append(name)
                print(f"{name:38} FAILED: {str(error)[:300]}", flush=True)
                continue
            if rise >= arguments.limit_mib * 1024:
                failed.append(name)
            print(f"{name:38} {sent / BLOCK:9.1f} {rise / 1024:9.1f} {seconds:6.1f}  {verdict}",
                  flush=True)
        if arguments.size_mib == 1024 and not failed:
            verdict, rise = refuse_one_byte_more(memory)
            print(f"{'1 GiB + 1 byte':38} {1024.0:9.1f} {rise / 1024:9.1f} {'':6}  {verdict}")
    if failed:
        sys.exit("failed: " + ", ".join(failed))
    print(f"\nevery answer right, every rise below {arguments.limit_mib} MiB")


if __name__ == "__main__":
    main()
