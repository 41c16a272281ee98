"""docs/api/permissions.csv: who may make which call on whom, as data; and the page that shows it.

    for row in read_rows():
        row.key      # ("PUT", "/api/{version}/objects/users", "domain_active__v")
        row.object   # "own", "other", ...
        row.outcome  # {"document_user": "access", ...}

`python3 tests/permission_table.py` writes the page docs/api/permissions.md anew.
"""

import csv
import dataclasses
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "docs/api"
DATA, PAGE = FOLDER / "permissions.csv", FOLDER / "permissions.md"

ROLES = {
    "anonymous": "no session",
    "expired": "a session that was idle for too long",
    "inactive": "a session of somebody who was disabled meanwhile",
    "document_user": "Document User of vault 3003",
    "business_admin": "Business Administrator of vault 3003",
    "copied_profile": "a custom profile that copies an administrator's",
    "system_admin": "System Admin of vault 3003",
    "elsewhere_admin": "Document User of vault 3003, System Admin of vault 4112",
    "vault_owner": "Vault Owner of vault 3003",
    "domain_admin": "Domain Admin, Document User of vault 3003",
    "domain_system_admin": "Domain Admin and System Admin of vault 3003",
    "delegate": "a Document User who acts for a System Admin of vault 3003",
}

OBJECTS = {
    "-": "the call names nobody",
    "own": "the caller's own account (of a delegate: the account he acts for)",
    "other": "a plain member of vault 3003",
    "foreign": "a plain member of vault 4112 alone",
    "missing": "an id that does not exist",
    "grantor": "somebody who let the caller act for him",
    "group": "a group that exists",
    "policy": "a security policy that exists",
}

OUTCOMES = {
    "ok": "SUCCESS",
    "session": "INVALID_SESSION_ID",
    "access": "INSUFFICIENT_ACCESS",
    "refused": "OPERATION_NOT_ALLOWED",
    "unknown": "USER_NOT_FOUND",
    "invalid": "INVALID_DATA",
    "unsupported": "METHOD_NOT_SUPPORTED",
}


@dataclasses.dataclass(frozen=True)
class Row:
    method: str
    path: str
    special: str  # what is special about the call, empty for the plain one
    object: str
    outcome: dict  # role -> outcome; "row access" is that of the record, the envelope succeeds

    @property
    def key(self):
        return self.method, self.path, self.special

    def __str__(self):
        path = self.path.removeprefix("/api/{version}") or self.path
        return " ".join(part for part in (self.method, path, self.special, self.object)
                        if part not in ("", "-"))


def read_rows():
    with open(DATA, newline="") as file:
        lines = list(csv.DictReader(file))
    return [Row(line.pop("method"), line.pop("path"), line.pop("with"), line.pop("object"), line)
            for line in lines]


def _legend(title, meanings):
    return f"| {title} | Meaning |\n|---|---|\n" + "".join(
        f"| {name.replace('_', ' ')} | {meaning} |\n" for name, meaning in meanings.items())


def page():
    rows = read_rows()
    lines = ["# Who may do what\n\nGenerated from [permissions.csv](permissions.csv) by "
             "`python3 tests/permission_table.py`; `tests/api/test_permissions.py` makes every "
             "call below as everybody and compares.\n\n"
             "All sessions run in vault 3003. Rights are those of the moment: a role that is taken "
             "away counts at the next call.\n",
             _legend("Caller", ROLES), _legend("On whom", OBJECTS),
             _legend("Outcome", OUTCOMES) + "\nAn outcome after the word *row* is that of the "
             "record; the call as a whole succeeds.\n"]
    head = ["Call", "On whom"] + [role.replace("_", " ") for role in ROLES]
    table = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for row in rows:
        call = f"`{row.method} {row.path}`" + (f" {row.special}" if row.special else "")
        table.append(f"| {call} | {row.object} | " +
                     " | ".join(row.outcome[role] for role in ROLES) + " |")
    return "\n".join(lines) + "\n" + "\n".join(table) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
