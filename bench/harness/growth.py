"""Goal 5, and how cost grows: with users, records of a batch, clients; reads while others write."""

import concurrent.futures
import contextlib

from goals import judged, ratios, spread
from processes import API, FIRST_DEMO_ID

READERS = 4
RAW_USERS_MAX = 1_000_000  # more need no second copy in memory


def measure_users(run):
    """Servers of every size at the same time, so that each round sees all of them."""
    sizes, programs = run.sizes, run.programs
    runs = {users: [] for users in sizes.growth_users}
    raw = {users: [] for users in sizes.growth_users}
    filling, resident = {}, {}
    with contextlib.ExitStack() as stack:
        servers = {users: stack.enter_context(run.server(f"of-{users}", users))
                   for users in sizes.growth_users}
        for users, server in servers.items():
            filling[users], resident[users] = server.ready_s, server.resident_bytes() / 1e6
            programs.load(server, 8, "csv", sizes.seconds)  # warm up
        for _ in range(sizes.rounds):
            for users, server in servers.items():
                raw[users].append(programs.raw_journal(min(users, RAW_USERS_MAX),
                                                       sizes.seconds / 2))
                runs[users].append(programs.load(server, 8, "csv", sizes.seconds))
    rate = {users: [one["per_s"] for one in many] for users, many in runs.items()}
    goals = [judged("5", ratios(rate[sizes.many_users], rate[sizes.few_users]))]
    return goals, {f"{users} users": {
        "batches/s": spread(rate[users]),
        "/ raw log of as many": ratios(rate[users], [one["per_s"] for one in raw[users]]),
        "p99 ms": spread([one["p99_ms"] for one in runs[users]]),
        "filling s": filling[users], "resident MB": resident[users]} for users in runs}


def measure_records(run):
    return [], _cases(run, {
        f"{clients} clients, {records} records": (clients, records)
        for clients in (1, 8) for records in run.sizes.growth_records})


def measure_clients(run):
    return [], _cases(run, {f"{clients} clients, 500 records": (clients, 500)
                            for clients in run.sizes.growth_clients})


def _cases(run, cases):
    sizes, programs = run.sizes, run.programs
    runs, raw = {name: [] for name in cases}, []
    with run.server("cases", sizes.users) as server:
        programs.load(server, 8, "csv", sizes.seconds)  # warm up
        for _ in range(sizes.rounds):
            raw.append(programs.raw_journal(sizes.users, sizes.seconds)["per_s"] * 500)
            for name, (clients, records) in cases.items():
                figures = programs.load(server, clients, "csv", sizes.seconds, "--records", records)
                runs[name].append(figures | {"users": figures["per_s"] * records})
    return {name: {"batches/s": spread([one["per_s"] for one in many]),
                   "users/s": spread([one["users"] for one in many]),
                   "users/s / raw log": ratios([one["users"] for one in many], raw),
                   "p50 ms": spread([one["p50_ms"] for one in many]),
                   "p99 ms": spread([one["p99_ms"] for one in many])}
            for name, many in runs.items()}


def measure_readers(run):
    """What a reader notices of eight writers."""
    sizes, programs = run.sizes, run.programs
    runs = {f"{READERS} readers alone": [], f"{READERS} readers, 8 writers": []}
    alone, beside = runs.values()
    with run.server("readers", sizes.users) as server, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:

        def read():
            return programs.get(server, f"{API}/objects/users/", READERS, sizes.seconds,
                                "--users", sizes.users, "--first-id", FIRST_DEMO_ID)

        programs.load(server, 8, "csv", sizes.seconds)  # warm up
        for _ in range(sizes.rounds):
            alone.append(read())
            writers = pool.submit(programs.load, server, 8, "csv", sizes.seconds)
            beside.append(read())
            writers.result()
    return [], {name: {"requests/s": spread([one["per_s"] for one in many]),
                       "p50 ms": spread([one["p50_ms"] for one in many]),
                       "p99 ms": spread([one["p99_ms"] for one in many])}
                for name, many in runs.items()}
