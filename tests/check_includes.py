#!/usr/bin/env python3
"""Fails on an include that goes against the layers (docs/ARCHITECTURE.md): arrows point inwards.

    tests/check_includes.py [ROOT]     exit code 0, or 1 with one line per wrong include
"""

import pathlib
import re
import sys

# Which folders of src/ a folder may include, besides itself.
ARROWS = {
    "base": set(),
    "directory": {"base"},
    "codec": {"base"},
    "http": {"base"},
    "store": {"directory", "base"},
    "system": {"directory", "base"},
    "vault_api": {"http/message.h", "codec", "directory", "base"},
    "loader": {"codec", "base"},  # a client: it never sees the server's parts
    "app": {"base", "directory", "codec", "http", "store", "system", "vault_api", "loader"},
}

# Who alone may include a library; a folder that is not listed for it may not.
LIBRARIES = {
    r"boost/(asio|beast)\b": {"http", "loader"},
    r"openssl/": {"http", "app", "loader", "store"},
    r"prometheus/": {"base"},
    r"sqlite3\.h": {"store"},
    r"libpq-fe\.h": {"store"},
    r"sodium\.h": {"system"},
    r"CLI/": {"app"},
    r"toml\+\+/": {"app"},
    r"simdjson": {"codec", "directory", "store"},
}

# The domain stands on the standard library alone.
DOMAIN_LIBRARIES = re.compile(r"^(boost|openssl|fmt|prometheus|sqlite3|sodium|curl|libpq)\b")

# Tests may look at more: a part together with the one it works with.
TEST_EXTRA = {
    "directory": {"store"},
    "store": {"system"},
    "vault_api": {"system", "store", "http"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def folder_of(path, source):
    return path.relative_to(source).parts[0]


def is_test(path):
    return path.stem.endswith(("_test", "testing", "fixture")) or path.stem == "conformance"


def judge_own(folder, target, path):
    allowed = {folder} | ARROWS[folder] | (TEST_EXTRA.get(folder, set()) if is_test(path) else set())
    if target in allowed or target.split("/")[0] in allowed:
        return None
    return f"{folder}/ may not include {target}"


def judge_library(folder, target):
    for pattern, folders in LIBRARIES.items():
        if re.match(pattern, target) and folder not in folders:
            return f"{folder}/ may not include <{target}>: only {', '.join(sorted(folders))} may"
    if folder == "directory" and DOMAIN_LIBRARIES.match(target):
        return f"directory/ may not include <{target}>: it stands on the standard library alone"
    return None


def wrong_includes(source):
    for path in sorted(source.rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        folder = folder_of(path, source)
        if folder not in ARROWS:
            yield f"{path}: folder {folder}/ has no row in the arrow table"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match = INCLUDE.match(line)
            if not match:
                continue
            own = match[1] == '"'
            if own:
                problem = judge_own(folder, match[2], path)
            else:  # a test may take any library as its oracle
                problem = None if is_test(path) else judge_library(folder, match[2])
            if problem:
                yield f"{path}:{number}: {problem}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    source = root / "src"
    if not source.is_dir():
        sys.exit(f"{source}: no such folder")
    problems = list(wrong_includes(source))
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
