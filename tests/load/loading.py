"""`muster load` as a process, and what its outputs say."""

import csv
import io
import pathlib
import re
import subprocess
import time

from muster_server import binary, clean_environment
from vault_client import CROWD_FIRST_ID, Api, person

NADIA = person("nadia.brandt")
SUMS = re.compile(r"^read (\d+) = succeeded (\d+) \+ failed (\d+) \+ unchanged (\d+)$", re.M)


def command(url, file, *arguments):
    return [binary(), "load", str(file), "--url", url, "--user", NADIA.user_name,
            *map(str, arguments)]


def environment():
    return clean_environment({"MUSTER_PASSWORD": NADIA.password})


def start(url, file, *arguments):
    return subprocess.Popen(command(url, file, *arguments), stdin=subprocess.DEVNULL, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())


class Ended:
    def __init__(self, code, out, said):
        self.code, self.out, self.said = code, out, said

    def __repr__(self):
        return f"exit code {self.code}\n{self.out}\n{self.said}"

    @property
    def sums(self):
        """(read, succeeded, failed, unchanged), which add up."""
        (numbers,) = SUMS.findall(self.out)
        read, *parts = map(int, numbers)
        assert read == sum(parts), self
        return (read, *parts)


def wait_for(process, timeout=120):
    out, said = process.communicate(timeout=timeout)
    return Ended(process.returncode, out, said)


def load(url, file, *arguments):
    return wait_for(start(url, file, *arguments))


def peak_memory_kib(url, file, *arguments):
    """(exit code, peak resident memory) of a load."""
    process = subprocess.Popen(command(url, file, *arguments), stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=environment())
    # Not from wait4(): that figure begins with the memory of the process that forked.
    peak = 0
    while process.poll() is None:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        high = [line for line in status.splitlines() if line.startswith("VmHWM")]
        peak = max([peak] + [int(line.split()[1]) for line in high])
        time.sleep(0.01)
    assert peak > 0
    return process.returncode, peak


def write_titles(path, title, count=600, first=CROWD_FIRST_ID):
    """A file that gives so many users that title; returns its lines."""
    lines = ["id,user_title__v"] + [f"{first + i},{title} {i}" for i in range(count)]
    path.write_text("\n".join(lines) + "\n")
    return lines


def rows_of(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def titles(server, ids):
    nadia = Api(server).log_in_as(NADIA)
    return [nadia.user(user).get("user_title__v") for user in ids]


def changes_by_item(server):
    """How often each user was changed, by the domain audit trail without the seed's rows."""
    nadia = Api(server).log_in_as(NADIA)
    count = {}
    for offset in range(0, 100_000, 1000):
        rows = nadia.audit("domain_audit_trail", f"?limit=1000&offset={offset}")["data"]
        for row in rows:
            if row["user_name"] != "System" and row["field_name"] == "user_title__v":
                count[row["item"]] = count.get(row["item"], 0) + 1
        if len(rows) < 1000:
            return count
    raise AssertionError("too many audit rows")
