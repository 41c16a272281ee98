"""The console blocks of the documentation: commands, and what they answer.

    ```console
    $ curl -s -H "Authorization: $S" $B/objects/users/me
    {"responseStatus": "SUCCESS", "users": [{"user": {"id": 25001, "...": "..."}}]}
    ```

A line that begins with `$ ` is a command (`\\` at its end goes on); what follows is its answer. In a
shown answer `"...": "..."` stands for further members of an object, `"..."` as last item for further
items of a list, and `…` inside a text for any text.
"""

import dataclasses
import json
import re


@dataclasses.dataclass
class Step:
    line: int  # of the command, from 1
    command: str
    shown: str  # empty: the answer is not shown, and only must not be a failure


def read_steps(text):
    """All steps of a page in order."""
    steps, inside, goes_on = [], False, False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside, goes_on = line == "```console", False
        elif inside and (line.startswith("$ ") or goes_on):
            if goes_on:
                steps[-1].command += "\n" + line
            else:
                steps.append(Step(number, line[2:], ""))
            goes_on = line.endswith("\\")
        elif inside:
            steps[-1].shown += line + "\n"
    return steps


def difference(shown, real):
    """What is wrong with `real`, measured by the answer that the page shows; None when nothing."""
    if not shown.strip():
        is_failure = real.startswith("{") and json.loads(real)["responseStatus"] == "FAILURE"
        return f"a failure: {real}" if is_failure else None
    if shown.lstrip().startswith("{"):
        return _differs(json.loads(shown), json.loads(real), "answer")
    return None if _fits(shown.rstrip("\n"), real.rstrip("\n")) else f"is {real!r}"


def _fits(pattern, text):
    return re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), text, re.DOTALL) is not None


def _differs(shown, real, path):
    if isinstance(shown, dict) and isinstance(real, dict):
        return _object_differs(shown, real, path)
    if isinstance(shown, list) and isinstance(real, list):
        return _list_differs(shown, real, path)
    if isinstance(shown, str) and isinstance(real, str):
        return None if _fits(shown, real) else f"{path}: {shown!r} is {real!r}"
    return None if shown == real and type(shown) is type(real) else f"{path}: {shown!r} is {real!r}"


def _object_differs(shown, real, path):
    named = [key for key in shown if key != "..."]
    if "..." not in shown and named != list(real):
        return f"{path} has {list(real)}"
    for key in named:
        if key not in real:
            return f"{path} has no {key}: {real}"
        wrong = _differs(shown[key], real[key], f"{path}.{key}")
        if wrong:
            return wrong
    return None


def _list_differs(shown, real, path):
    more = bool(shown) and shown[-1] == "..."
    named = shown[:-1] if more else shown
    if len(real) < len(named) or (not more and len(real) != len(named)):
        return f"{path} has {len(real)} items: {real}"
    for index, (one, other) in enumerate(zip(named, real)):
        wrong = _differs(one, other, f"{path}[{index}]")
        if wrong:
            return wrong
    return None
