"""Goals 8 and 9: a stored directory of 1,000,000 users: how soon it serves, what it takes."""

import sqlite3

from goals import judged, spread

SMALL = 1000


def measure(run):
    sizes = run.sizes
    with run.server("small", SMALL), run.server("large", sizes.many_users) as server:
        filling_s = server.ready_s
    text = text_bytes_per_user(run.scratch / "large" / "muster.db")
    ready, per_user, resident = [], [], []
    for _ in range(sizes.rounds):
        with run.server("small", SMALL) as small:
            small_bytes = small.resident_bytes()
        with run.server("large", sizes.many_users) as large:
            ready.append(large.ready_s)
            resident.append(large.resident_bytes())
        per_user.append((resident[-1] - small_bytes) / (sizes.many_users - SMALL))
    goals = [judged("8", spread([one - text for one in per_user])), judged("9", spread(ready))]
    return goals, {f"{sizes.many_users} users": {
        "ready s": spread(ready), "first filling s": filling_s,
        "bytes a user": spread(per_user), "of them text": text,
        "resident MB": spread([one / 1e6 for one in resident])}}


def text_bytes_per_user(file):
    """Average bytes of text a user holds, read from the stopped server's own file."""
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    columns = [row[1] for row in database.execute("PRAGMA table_info(users)")]
    total = " + ".join(f'coalesce(length(CAST("{c}" AS BLOB)), 0)' for c in columns)
    average = database.execute(f"SELECT avg({total}) FROM users").fetchone()[0]
    database.close()
    return average
