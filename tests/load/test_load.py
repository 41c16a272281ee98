"""`muster load` over the real program: what is loaded, what is told, what is refused."""

import json
import os
import stat
import subprocess

import pytest

from conftest import start_copy
from loading import (NADIA, changes_by_item, command, load, peak_memory_kib, rows_of, start, titles,
                     wait_for, write_titles)
from muster_server import binary, clean_environment, run_muster
from vault_client import CROWD_FIRST_ID, QUALITY, Api

FIRST = CROWD_FIRST_ID


# --- what is loaded -------------------------------------------------------------------------------


def test_every_record_is_applied_once_and_told_in_order(own_server, tmp_path):
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", 650)
    ended = load(own_server.url, file, "--batch", 100, "--results", tmp_path / "results.csv")
    assert ended.code == 0, ended
    assert ended.sums == (650, 650, 0, 0)
    rows = rows_of(tmp_path / "results.csv")
    assert list(rows[0]) == ["responseStatus", "id", "errors", "rowId"]
    assert [(row["responseStatus"], row["id"], row["rowId"]) for row in rows] == [
        ("SUCCESS", str(FIRST + i), str(i + 1)) for i in range(650)]
    assert titles(own_server, [FIRST, FIRST + 649]) == ["Pilot 0", "Pilot 649"]
    assert changes_by_item(own_server) == {f"crowd.{i}@example.com": 1 for i in range(650)}
    assert not (tmp_path / "people.csv.muster-state").exists()


def test_a_file_loaded_twice_is_unchanged_the_second_time(own_server, tmp_path):
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", 120)
    assert load(own_server.url, file, "--batch", 50).sums == (120, 120, 0, 0)
    again = load(own_server.url, file, "--batch", 50)
    assert (again.code, again.sums) == (0, (120, 0, 0, 120)), again
    assert set(changes_by_item(own_server).values()) == {1}


def test_what_excel_writes_is_fine(own_server, tmp_path):
    file = tmp_path / "excel.csv"
    file.write_bytes('\ufeffid,user_title__v\r\n{0},"Zoë, \r\nHead"\r\n\r\n{1},Größe\r\n\r\n'
                     .format(FIRST, FIRST + 1).encode())
    ended = load(own_server.url, file)
    assert (ended.code, ended.sums) == (0, (2, 2, 0, 0)), ended
    assert titles(own_server, [FIRST, FIRST + 1]) == ["Zoë, \nHead", "Größe"]


def test_users_are_created_and_upserted(own_server, tmp_path):
    header = ("user_name__v,user_first_name__v,user_last_name__v,user_email__v,user_timezone__v,"
              "user_locale__v,user_language__v,security_policy_id__v,vault_membership")
    row = ("new.{0}@example.com,New,Number {0},new.{0}@example.com,Europe/Berlin,de_DE,en,821,"
           f"{QUALITY}:true:document_user__v:full__v")
    file = tmp_path / "new.csv"
    file.write_text("\n".join([header] + [row.format(i) for i in range(30)]) + "\n")
    ended = load(own_server.url, file, "--operation", "create", "--results", tmp_path / "r.csv")
    assert (ended.code, ended.sums) == (0, (30, 30, 0, 0)), ended
    ids = [row["id"] for row in rows_of(tmp_path / "r.csv")]
    assert len(set(ids)) == 30
    file.write_text("user_name__v,user_title__v\nnew.3@example.com,Captain\n")
    ended = load(own_server.url, file, "--operation", "upsert", "--id-param", "user_name__v")
    assert (ended.code, ended.sums) == (0, (1, 1, 0, 0)), ended
    assert titles(own_server, [ids[3]]) == ["Captain"]


def test_a_header_alone_is_nothing_to_do(own_server, tmp_path):
    file = tmp_path / "none.csv"
    file.write_text("id,user_title__v\n")
    ended = load(own_server.url, file)
    assert (ended.code, ended.sums) == (0, (0, 0, 0, 0)), ended


# --- records that fail ----------------------------------------------------------------------------


def test_failed_rows_are_the_inputs_own_and_can_be_sent_again(own_server, tmp_path):
    lines = ["id,user_title__v,domain_active__v,company__v"]
    lines += [f"{FIRST + i},T{i},true,C" for i in range(10)]
    lines[3] = f'{FIRST + 2},"Head, ""West""",maybe,Back \\\\ slash'
    lines[6] = "999999,Nobody,,"
    lines[8] = f"{FIRST + 7},Short"
    lines[9] = f"{FIRST + 8},A,true,B,C"
    file, failed = tmp_path / "people.csv", tmp_path / "failed.csv"
    file.write_text("\n".join(lines) + "\n")
    ended = load(own_server.url, file, "--failed", failed, "--results", tmp_path / "r.csv",
                 "--batch", 4)
    assert (ended.code, ended.sums) == (3, (10, 7, 3, 0)), ended
    header, *rows = failed.read_text().splitlines()
    assert header == lines[0] + ",muster_error_type,muster_error_message,muster_cells"
    assert [row.startswith(line + ",INVALID_DATA,") for row, line in
            zip(rows, [lines[3], lines[6], lines[9]], strict=True)] == [True] * 3
    assert [row["rowId"] for row in rows_of(tmp_path / "r.csv")
            if row["responseStatus"] == "FAILURE"] == ["3", "6", "9"]
    assert '"INVALID_DATA|' in rows_of(tmp_path / "r.csv")[2]["errors"]

    failed.write_text(failed.read_text().replace("maybe", "true"))
    again = load(own_server.url, failed, "--failed", tmp_path / "failed2.csv")
    assert (again.code, again.sums) == (3, (3, 1, 2, 0)), again
    assert titles(own_server, [FIRST + 2]) == ['Head, "West"']
    left = (tmp_path / "failed2.csv").read_text().splitlines()
    assert left[0] == header
    assert [row.startswith(line + ",INVALID_DATA,") for row, line in
            zip(left[1:], [lines[6], lines[9]], strict=True)] == [True] * 2


def test_an_atomic_batch_with_a_failing_record_changes_nothing(own_server, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(f"id,user_title__v\n{FIRST},Pilot\n999999,x\n")
    ended = load(own_server.url, file, "--atomic", "--failed", tmp_path / "failed.csv")
    assert (ended.code, ended.sums) == (3, (2, 0, 2, 0)), ended
    assert [row["muster_error_type"] for row in rows_of(tmp_path / "failed.csv")] == [
        "OPERATION_NOT_ALLOWED", "INVALID_DATA"]
    assert titles(own_server, [FIRST]) == ["Title before"]


# --- a dry run ------------------------------------------------------------------------------------


def test_a_dry_run_shows_differences_and_changes_nothing(own_server, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(f"id,user_title__v\n{FIRST},Pilot\n{FIRST + 1},Title before\n999999,x\n")
    ended = load(own_server.url, file, "--dry-run")
    assert (ended.code, ended.sums) == (3, (3, 1, 1, 1)), ended
    assert f'row 1, id {FIRST}\n  user_title__v: "Title before" -> "Pilot"\n' in ended.out
    assert "row 2" not in ended.out
    assert "row 3, id 999999: would fail\n  INVALID_DATA: " in ended.out
    assert changes_by_item(own_server) == {}
    assert sorted(os.listdir(tmp_path)) == ["data", "data.stderr", "people.csv"]


@pytest.mark.parametrize("option, word", [("--dry-run", "dry_run=true"),
                                          ("--atomic", "atomic=true")])
def test_a_server_that_does_not_know_the_option_gets_no_records(own_server, proxy, tmp_path, option,
                                                                word):
    def forget(request):
        request.target = request.target.replace(word, "x=y")

    proxy.hook = forget
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", 5)
    ended = load(proxy.url, file, option)
    assert ended.code == 1 and "Nothing was sent" in ended.said, ended
    assert not any(b"Pilot" in request.body for request in proxy.requests)
    assert changes_by_item(own_server) == {}


# --- files that cannot be used --------------------------------------------------------------------


@pytest.mark.parametrize("content, says", [
    (b"PK\x03\x04\x14\x00", [".xlsx"]), (b"id;user_title__v\n1;x\n", ["semicolons"]),
    (b"\xff\xfei\x00d\x00", ["UTF-16"]), (b"", ["people.csv: the file is empty"]),
    (b"id,user_titel__v,id\n30001,\"x\"y\n30002,Caf\xe9\n30003,\"open\n",
     ["people.csv:1:4: no field is named [user_titel__v]", "people.csv:1:18: ",
      "people.csv:2:10: text after a closing quote", "people.csv:3:10: not UTF-8 (byte 0xE9)",
      "people.csv:4:7: a quote is never closed", "5 problems; nothing was sent"]),
    (b"user_title__v\nx\n", ["the column [id] is missing"])])
def test_an_unusable_file_is_told_whole_and_not_sent(server, tmp_path, content, says):
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    ended = load(server.url, file)
    assert ended.code == 2, ended
    assert [text for text in says if text not in ended.said] == [], ended
    assert os.listdir(tmp_path) == ["people.csv"]


@pytest.mark.parametrize("arguments", [
    ["--operation", "delete"], ["--batch", "501"], ["--batch", "0"], ["--jobs", "0"],
    ["--id-param", "id"], ["--operation", "upsert", "--id-param", "alias__v"],
    ["--resume", "--dry-run"], ["--password", "x"], ["--failed", "people.csv"],
    ["--results", "r.csv", "--failed", "r.csv"]])
def test_wrong_usage(server, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    write_titles(tmp_path / "people.csv", "Pilot", 1)
    ended = load(server.url, "people.csv", *arguments)
    assert ended.code == 2, ended
    assert os.listdir(tmp_path) == ["people.csv"]


@pytest.mark.parametrize("url", ["127.0.0.1", "ftp://127.0.0.1", "http://"])
def test_a_url_that_is_none(tmp_path, url):
    write_titles(tmp_path / "people.csv", "Pilot", 1)
    ended = load(url, tmp_path / "people.csv")
    assert ended.code == 2 and "--url" in ended.said, ended


def test_a_file_that_is_not_there(server, tmp_path):
    ended = load(server.url, tmp_path / "none.csv")
    assert ended.code == 2 and "none.csv" in ended.said, ended


# --- passwords ------------------------------------------------------------------------------------


def run_with(url, file, *arguments, variables=None, stdin=""):
    return subprocess.run(command(url, file, *arguments), input=stdin, capture_output=True,
                          text=True, timeout=60, env=clean_environment(variables), check=False)


def test_where_the_password_comes_from(own_server, tmp_path):
    file, secret = tmp_path / "people.csv", tmp_path / "secret"
    write_titles(file, "Pilot", 1)
    secret.write_text(NADIA.password + "\n")
    secret.chmod(0o600)
    wrong = {"MUSTER_PASSWORD": "Not-The-One-1"}
    ended = run_with(own_server.url, file, "--password-file", secret, variables=wrong)
    assert (ended.returncode, ended.stderr.count("can be read by others")) == (0, 0), ended
    assert run_with(own_server.url, file, stdin=NADIA.password + "\n").returncode == 0
    refused = run_with(own_server.url, file, variables=wrong)
    assert refused.returncode == 1
    assert "USERNAME_OR_PASSWORD_INCORRECT" in refused.stderr
    secret.chmod(secret.stat().st_mode | stat.S_IROTH)
    warned = run_with(own_server.url, file, "--password-file", secret)
    assert warned.returncode == 0 and "can be read by others" in warned.stderr


# --- TLS ------------------------------------------------------------------------------------------


def test_a_certificate_is_verified(seeded_directory, tmp_path):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "cert.pem")],
                   check=True, capture_output=True)
    running = start_copy(seeded_directory, tmp_path, tls_certificate=tmp_path / "cert.pem",
                         arguments=["--tls-cert", tmp_path / "cert.pem",
                                    "--tls-key", tmp_path / "key.pem"])
    try:
        file = tmp_path / "people.csv"
        write_titles(file, "Pilot", 700)
        url, trust = f"https://localhost:{running.port}", ["--ca-file", tmp_path / "cert.pem"]
        ended = load(url, file, *trust)
        assert (ended.code, ended.sums) == (0, (700, 700, 0, 0)), ended
        distrusted = load(url, file, "--retry-for", 1)
        assert distrusted.code == 1 and "certificate" in distrusted.said, distrusted
        misnamed = load(f"https://127.0.0.1:{running.port}", file, *trust, "--retry-for", 1)
        assert misnamed.code == 1 and "certificate" in misnamed.said, misnamed
    finally:
        running.stop()


# --- progress and memory --------------------------------------------------------------------------


def test_without_a_terminal_there_are_no_control_characters(server, tmp_path):
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", 600)
    ended = wait_for(start(server.url, file, "--batch", 20))
    assert ended.code == 0 and "\r" not in ended.said and "\x1b" not in ended.said, ended


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_the_line_on_a_terminal_fits(server, tmp_path, columns):
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", 690)
    script = ("import os, sys, pty, fcntl, termios, struct\n"
              "pid, fd = pty.fork()\n"
              "if pid == 0:\n"
              "    os.execv(sys.argv[2], sys.argv[2:])\n"
              "fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 24, int(sys.argv[1]), 0, 0))\n"
              "while True:\n"
              "    try:\n"
              "        block = os.read(fd, 65536)\n"
              "    except OSError:\n"
              "        break\n"
              "    sys.stdout.buffer.write(block)\n"
              "sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n")
    ended = subprocess.run(["/usr/bin/python3", "-c", script, str(columns),
                            *command(server.url, file, "--batch", 10)],
                           capture_output=True, timeout=60, check=False,
                           env=clean_environment({"MUSTER_PASSWORD": NADIA.password,
                                                  "TERM": "xterm", "NO_COLOR": "1"}))
    assert ended.returncode == 0, ended
    drawn = [line.split("\x1b[K")[0] for line in ended.stdout.decode().split("\r")
             if "%" in line]
    assert drawn and max(map(len, drawn)) < columns, drawn
    assert "100.0%" in drawn[-1] and "failed 0" in drawn[-1]
    assert ("[" in drawn[-1]) is (columns > 40)


def test_a_large_file_takes_little_memory(server, tmp_path):
    file = tmp_path / "large.csv"
    with open(file, "w", encoding="utf-8") as out:
        out.write("id,company__v\n")
        for i in range(3000):
            out.write(f"{FIRST + i % 700},{'x' * 40_000}\n")
    assert file.stat().st_size > 115_000_000
    code, peak = peak_memory_kib(server.url, file, "--jobs", 4)
    assert code == 3
    assert peak < 64 * 1024


# --- export and completion ------------------------------------------------------------------------


def export(url, *arguments):
    return run_muster("export", "--url", url, "--user", NADIA.user_name, *arguments,
                      environment={"MUSTER_PASSWORD": NADIA.password})


def test_an_export_loaded_again_changes_nothing(own_server, tmp_path):
    file = tmp_path / "users.csv"
    ended = export(own_server.url, "--output", file)
    assert ended.returncode == 0, ended
    assert not (tmp_path / "users.csv.part").exists()
    rows = rows_of(file)
    assert len(rows) > 700 and {"id", "user_name__v", "vault_membership"} <= set(rows[0])
    assert export(own_server.url).stdout == file.read_text()
    again = load(own_server.url, file)
    assert (again.code, again.sums) == (0, (len(rows), 0, 0, len(rows))), again
    assert changes_by_item(own_server) == {}


def test_a_formula_safe_export_is_loaded_with_the_same_flag(own_server, tmp_path):
    nadia = Api(own_server).log_in_as(NADIA)
    nadia.put_users_json([{"id": FIRST, "user_title__v": "=1+1"}])
    file = tmp_path / "users.csv"
    assert export(own_server.url, "--output", file, "--formula-safe").returncode == 0
    assert "'=1+1" in file.read_text()
    again = load(own_server.url, file, "--formula-safe")
    read, succeeded, failed, _ = again.sums
    assert read > 700 and (succeeded, failed) == (0, 0), again
    assert titles(own_server, [FIRST]) == ["=1+1"]


def test_a_failed_export_leaves_the_old_file(own_server, tmp_path):
    file = tmp_path / "users.csv"
    file.write_text("old")
    ended = run_muster("export", "--url", own_server.url, "--user", NADIA.user_name, "--output", file,
                       environment={"MUSTER_PASSWORD": "Not-The-One-1"})
    assert ended.returncode == 1 and "USERNAME_OR_PASSWORD_INCORRECT" in ended.stderr
    assert file.read_text() == "old"
    assert not (tmp_path / "users.csv.part").exists()


def completed(*words):
    script = ('source <("$0" completion bash); COMP_WORDS=(muster "$@"); COMP_CWORD=$#; _muster; '
              'printf "%s\\n" "${COMPREPLY[@]}"')
    ended = subprocess.run(["bash", "-c", script, binary(), *words], capture_output=True, text=True,
                           timeout=30, check=True)
    return ended.stdout.split()


def test_bash_completes_commands_and_their_flags():
    assert {"load", "export", "serve", "completion"} <= set(completed(""))
    assert completed("lo") == ["load"]
    assert completed("load", "--fa") == ["--failed"]
    assert "--dry-run" not in completed("export", "--")
    assert "migrate" in completed("store", "")
    assert "--store" in completed("store", "migrate", "--st")


def test_the_zsh_script_names_every_command_with_its_help():
    script = run_muster("completion", "zsh").stdout
    assert script.startswith("#compdef muster\n")
    assert "'load:Feed a CSV file of users into a running server'" in script
    assert "'--formula-safe[" in script
    assert "'1:command:(migrate " in script and "'--store-domain[" in script
    assert run_muster("completion", "fish").returncode == 2


def test_state_files_are_json_first(own_server, proxy, tmp_path):
    """What the state file promises to other programs: its first line."""
    file = tmp_path / "people.csv"
    write_titles(file, "Pilot", 20)
    proxy.hook = lambda request: b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n" if (
        request.is_batch) else None
    ended = load(proxy.url, file, "--retry-for", 0)
    assert ended.code == 1 and "status 503" in ended.said and "--resume" in ended.said, ended
    first, *rest = (tmp_path / "people.csv.muster-state").read_text().splitlines()
    assert json.loads(first)["operation"] == "update" and rest == []
