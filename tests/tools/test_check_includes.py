"""The guard of the layers sees what it must see."""

import pathlib
import subprocess
import sys

import pytest

CHECK = pathlib.Path(__file__).resolve().parent.parent / "check_includes.py"


def check(root):
    return subprocess.run([sys.executable, str(CHECK), str(root)], capture_output=True, text=True,
                          check=False)


def write(root, path, include):
    file = root / "src" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"// A file.\n{include}\n")


@pytest.mark.parametrize("path,include,problem", [
    ("directory/user.cc", '#include "store/embedded/journal.h"', "directory/ may not include"),
    ("vault_api/routes.cc", '#include "http/server.h"', "vault_api/ may not include http/server.h"),
    ("codec/csv_reader.h", '#include "directory/user.h"', "codec/ may not include"),
    ("vault_api/users.cc", "#include <boost/asio.hpp>", "only http, loader may"),
    ("app/front.cc", "#  include <boost/beast/core.hpp>", "only http, loader may"),
    ("http/router.cc", "#include <prometheus/counter.h>", "only base may"),
    ("directory/user.cc", "#include <boost/json.hpp>", "standard library alone"),
    ("drawer/common.h", "#include <string>", "no row in the arrow table"),
])
def test_wrong_include_is_named_with_its_line(tmp_path, path, include, problem):
    write(tmp_path, path, include)
    result = check(tmp_path)
    assert result.returncode == 1
    assert problem in result.stdout
    assert path in result.stdout


@pytest.mark.parametrize("path,include", [
    ("vault_api/routes.cc", '#include "http/message.h"'),
    ("app/serve.cc", '#include "http/server.h"'),
    ("http/connection.cc", "#include <boost/asio/ip/tcp.hpp>"),
    ("vault_api/envelope.cc", "#include <boost/json.hpp>"),
    ("store/embedded/journal.cc", '#include "directory/store.h"'),
    ("codec/csv_corpus_test.cc", "#include <boost/beast/core/detail/base64.hpp>"),
])
def test_include_along_an_arrow_passes(tmp_path, path, include):
    write(tmp_path, path, include)
    result = check(tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
