"""Goals 15 and 16: a server whose directory is in PostgreSQL beside its own statements from libpq."""

import contextlib

from goals import judged, ratios, spread
from peer_servers import Postgres
from processes import run_json

CLIENTS = (1, 4, 8)


def measure(run):
    with Postgres(run.scratch / "postgres") as postgres:
        goals, figures = _measure_statements(run, postgres)
        more_goals, more_figures = _measure_users(run, postgres)
    return goals + more_goals, figures | more_figures


def _fill(run, postgres, name, users):
    postgres.create(name)
    with run.server(f"filling-{name}", users, postgres.url(name)):
        pass
    postgres.analyse(name)


def _measure_statements(run, postgres):
    sizes = run.sizes
    _fill(run, postgres, "served", sizes.users)
    postgres.create("bare", "served")
    postgres.analyse("bare")

    def statements(clients, mode):
        return run_json([run.programs.folder / "bench_postgres_statements", "--connect",
                         postgres.url("bare"), "--users", sizes.users, "--clients", clients,
                         "--mode", mode, "--seconds", sizes.seconds])

    runs = {}
    with run.server("served", sizes.users, postgres.url("served")) as server:
        for round_ in range(sizes.rounds + 1):
            figures = {}
            for clients in CLIENTS:
                figures[f"CSV, {clients} clients"] = run.programs.load(
                    server, clients, "csv", sizes.seconds)
                figures[f"statements, {clients} clients"] = statements(clients, "sets")
            figures["row by row, 1 clients"] = statements(1, "rows")
            figures["a call a statement, 1 clients"] = statements(1, "calls")
            if round_ > 0:  # the first warms up
                for name, one in figures.items():
                    runs.setdefault(name, []).append(one)
    rate = {name: [one["per_s"] for one in many] for name, many in runs.items()}
    goals = [judged(goal, ratios(rate[f"CSV, {clients} clients"],
                                 rate[f"statements, {clients} clients"]))
             for goal, clients in zip(("15a", "15b", "15c"), CLIENTS)]
    goals.append(judged("15d", ratios(rate["CSV, 1 clients"], rate["row by row, 1 clients"])))
    return goals, {name: _row(many) for name, many in runs.items()}


def _measure_users(run, postgres):
    """Both servers at the same time, so that each round sees both."""
    sizes = run.sizes
    counts = (sizes.few_users, sizes.many_users)
    runs = {users: [] for users in counts}
    for users in counts:
        _fill(run, postgres, f"of_{users}", users)
    with contextlib.ExitStack() as stack:
        servers = {users: stack.enter_context(
            run.server(f"of-{users}", users, postgres.url(f"of_{users}"))) for users in counts}
        for round_ in range(sizes.rounds + 1):
            for users, server in servers.items():
                figures = run.programs.load(server, 8, "csv", sizes.seconds)
                if round_ > 0:
                    runs[users].append(figures)
    rate = {users: [one["per_s"] for one in many] for users, many in runs.items()}
    goals = [judged("16", ratios(rate[sizes.many_users], rate[sizes.few_users]))]
    return goals, {f"{users} users, 8 clients": _row(many) for users, many in runs.items()}


def _row(many):
    return {"batches/s": spread([one["per_s"] for one in many]),
            "p50 ms": spread([one["p50_ms"] for one in many]),
            "p99 ms": spread([one["p99_ms"] for one in many])}
