"""Goals 8, 9 and 12c: a stored directory of 1,000,000 users: how soon it serves, what it takes, how
long a query over all of them lasts."""

import json
import sqlite3
import time
import urllib.parse

from goals import judged, spread
from processes import API

SMALL = 1000
# Nobody matches, so every user is looked at.
QUERY = ("SELECT id FROM users WHERE user_title__v LIKE '%no such title%' "
         "OR company__v = 'no such company' OR user_last_name__v = 'no such name'")


def measure(run):
    sizes = run.sizes
    with run.server("small", SMALL), run.server("large", sizes.many_users) as server:
        filling_s = server.ready_s
    text = text_bytes_per_user(run.scratch / "large" / "muster.db")
    ready, per_user, resident, scan = [], [], [], []
    for _ in range(sizes.rounds):
        with run.server("small", SMALL) as small:
            small_bytes = small.resident_bytes()
        with run.server("large", sizes.many_users) as large:
            ready.append(large.ready_s)
            resident.append(large.resident_bytes())
            scan.append(scan_ms(large))
        per_user.append((resident[-1] - small_bytes) / (sizes.many_users - SMALL))
    goals = [judged("8", spread([one - text for one in per_user])), judged("9", spread(ready)),
             judged("12c", spread(scan))]
    return goals, {f"{sizes.many_users} users": {
        "ready s": spread(ready), "first filling s": filling_s,
        "bytes a user": spread(per_user), "of them text": text,
        "resident MB": spread([one / 1e6 for one in resident]), "query ms": spread(scan)}}


def scan_ms(server):
    """The quickest of three: one user's connection, nobody beside it."""
    path = f"{API}/query?q={urllib.parse.quote_plus(QUERY)}"
    took = []
    for _ in range(3):
        start = time.monotonic()
        answer = json.loads(server.call("GET", path))
        took.append((time.monotonic() - start) * 1000)
        assert answer["responseDetails"]["total"] == 0, answer
    return min(took)


def text_bytes_per_user(file):
    """Average bytes of text a user holds, read from the stopped server's own file."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    columns = [row[1] for row in database.execute("PRAGMA table_info(users)")]
    total = " + ".join(f'coalesce(length(CAST("{c}" AS BLOB)), 0)' for c in columns)
    average = database.execute(f"SELECT avg({total}) FROM users").fetchone()[0]
    database.close()
    return average
