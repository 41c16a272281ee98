"""Goal 6: the same batches in OpenLDAP's slapd and in PostgreSQL, beside the server."""

from goals import judged, ratios, spread
from peer_servers import Postgres, Slapd
from processes import run_json


def measure(run):
    sizes, folder = run.sizes, run.programs.folder
    with run.server("peers", sizes.users) as server, \
            Slapd(run.scratch / "slapd", sizes.users) as slapd, \
            Postgres(run.scratch / "postgres") as postgres:
        connect = ("--connect", postgres.where)
        postgres.fill([folder / "bench_postgres", *connect, "--fill", sizes.users])

        def ldap(mode, seconds):
            return run_json([folder / "bench_slapd", "--port", slapd.port, "--mode", mode,
                             "--users", sizes.users, "--seconds", seconds])

        def sql(clients, seconds):
            return run_json([folder / "bench_postgres", *connect, "--clients", clients,
                             "--users", sizes.users, "--seconds", seconds])

        cases = {
            "raw log": lambda s: run.programs.raw_journal(sizes.users, s),
            "CSV, 8 clients": lambda s: run.programs.load(server, 8, "csv", s),
            "slapd, one modify each": lambda s: ldap("single", s),
            "slapd, one transaction": lambda s: ldap("transaction", s),
            "CSV, 1 client": lambda s: run.programs.load(server, 1, "csv", s),
            "PostgreSQL, 1 connection": lambda s: sql(1, s),
            "PostgreSQL, 8 connections": lambda s: sql(8, s),
        }
        runs = {name: [] for name in cases}
        for round_ in range(sizes.rounds + 1):
            for name, case in cases.items():
                figures = case(sizes.seconds)
                if round_ > 0:  # the first warms up
                    runs[name].append(figures)
    rate = {name: [one["per_s"] for one in many] for name, many in runs.items()}
    eight = rate["CSV, 8 clients"]
    goals = [judged("6a", ratios(eight, rate["slapd, one modify each"])),
             judged("6b", ratios(eight, rate["slapd, one transaction"]))]
    return goals, {name: {"batches/s": spread(rate[name]),
                          "users/s": spread([one * 500 for one in rate[name]]),
                          "p50 ms": spread([one["p50_ms"] for one in many]),
                          "8 clients / this": ratios(eight, rate[name])}
                   for name, many in runs.items()}
