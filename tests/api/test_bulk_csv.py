"""PUT /objects/users: the CSV dialect, row by row of its table, and the shared CSV corpus."""

import base64
import json
import pathlib

import pytest

from muster_server import PROJECT
from vault_client import failure, failure_message, only_row, result_rows

CORPUS = PROJECT.parent / "shared" / "corpora" / "csv-own" / "cases.json"


@pytest.fixture
def put(nadia, target):
    """put('{id},...'): the result rows of a body that names the test's own user."""
    return lambda body: result_rows(nadia.put_users_csv(body.replace("{id}", str(target))))


@pytest.fixture
def stored(nadia, target):
    """Stores one cell of site__v, written exactly so on the wire, and reads it back."""
    def store(cell, column="site__v"):
        body = f"id,{column},company__v\n{target},{cell},end\n"
        assert only_row(nadia.put_users_csv(body)) == ("SUCCESS", str(target), [])
        user = nadia.user(target)
        assert user["company__v"] == "end"
        return user.get(column)
    return store


# --- line ends ------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_crlf_and_lf_both_end_a_record(nadia, targets, end, last):
    first, second = targets(2)
    body = end.join(["id,site__v", f"{first},One", f"{second},Two"]) + (end if last else "")
    assert result_rows(nadia.put_users_csv(body)) == [("SUCCESS", str(first), []),
                                                      ("SUCCESS", str(second), [])]
    assert [nadia.user(first)["site__v"], nadia.user(second)["site__v"]] == ["One", "Two"]


def test_line_ends_may_be_mixed(put, nadia, target):
    assert put("id,site__v\r\n\n{id},Mixed\n\r\n") == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["site__v"] == "Mixed"


def test_empty_lines_get_no_result(put, target):
    assert put("\n\nid,site__v\n\n\n{id},x\n\n") == [("SUCCESS", str(target), [])]


# --- quotes and backslashes -----------------------------------------------------------------------


@pytest.mark.parametrize("cell, text", [
    ("plain", "plain"),
    ('"quoted"', "quoted"),
    ('"a ""quote"" inside"', 'a "quote" inside'),
    ('""""', '"'),
    ('"comma, inside"', "comma, inside"),
    ('"two\nlines"', "two\nlines"),
    ('"two\r\nlines"', "two\nlines"),
    ('"blank\n\nline"', "blank\n\nline"),
    ("tab\there", "tab\there"),
    ('"tab\there"', "tab\there"),
    ("one\\\\backslash", "one\\backslash"),
    ("lone\\backslash", "lone\\backslash"),
    ("CORP\\nadia", "CORP\\nadia"),
    ("four\\\\\\\\", "four\\\\"),
    ("three\\\\\\x", "three\\\\x"),
    ('"end\\"', "end\\"),
    ('"end\\\\"', "end\\"),
    ("ends with\\", "ends with\\"),
    ('5" pipe', '5" pipe'),
    ('a"b"c', 'a"b"c'),
    (" spaces kept ", " spaces kept "),
    ('" spaces kept "', " spaces kept "),
    ('"null"', "null"),
    ("NULL", "NULL"),
    ("nullable", "nullable"),
    ("semi;colon", "semi;colon"),
    ("=1+1", "=1+1"),
    ("'", "'"),
])
def test_a_cell_is_read_as(stored, cell, text):
    assert stored(cell) == text


@pytest.mark.parametrize("cell", ["", '""', "null"])
def test_an_empty_cell_clears_an_optional_field(stored, cell):
    assert stored("something") == "something"
    assert stored(cell) is None


@pytest.mark.parametrize("cell", ["a\rb", '"a\rb"'])
def test_a_lone_carriage_return_fails_its_record_only(nadia, targets, cell):
    bad, good = targets(2)
    reply = nadia.put_users_csv(f"id,site__v\n{bad},{cell}\n{good},fine\n")
    assert result_rows(reply) == [("FAILURE", str(bad), ["INVALID_DATA"]),
                                  ("SUCCESS", str(good), [])]
    assert nadia.user(bad).get("site__v") is None


@pytest.mark.parametrize("body, line", [
    ('id,site__v\n{id},ok\n{id},"a"b\n', 3),
    ('id,site__v\n{id},"a" ,\n', 2),
    ('id,site__v\n\n{id},"never closed\n\n', 3),
    ('id,"site__v"x\n{id},a\n', 1),
])
def test_a_broken_quote_refuses_the_request_and_names_the_line(nadia, target, body, line):
    message = failure_message(nadia.put_users_csv(body.replace("{id}", str(target))))
    assert f"line {line}" in message.lower()
    assert nadia.user(target).get("site__v") is None


# --- header line ----------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["site__v,id", "  ID ,Site__V", '"site__v","id"',
                                    "SITE__V , id"])
def test_columns_come_in_any_order_and_case(nadia, target, header):
    cells = {"id": str(target), "site__v": "Here"}
    line = ",".join(cells[name.strip(' "').lower()] for name in header.split(","))
    assert only_row(nadia.put_users_csv(f"{header}\n{line}\n")) == ("SUCCESS", str(target), [])
    assert nadia.user(target)["site__v"] == "Here"


@pytest.mark.parametrize("header", ["id,site__v,site__v", "id,ID", "id,site__v, Site__v "])
def test_a_column_named_twice_refuses_the_request(nadia, target, header):
    body = f"{header}\n{target}" + ",x" * header.count(",") + "\n"
    assert failure(nadia.put_users_csv(body)) == "INVALID_DATA"


def test_a_file_without_id_column_is_refused(nadia):
    reply = nadia.put_users_csv("user_title__v\nAnalyst\n")
    assert failure(reply) == "PARAMETER_REQUIRED"
    assert failure_message(reply) == "Missing required parameter [id]"


def test_unknown_columns_refuse_the_request_and_are_all_named(nadia, target):
    reply = nadia.put_users_csv(f"id,nickname,site__v,titel\n{target},a,b,c\n")
    assert failure(reply) == "ATTRIBUTE_NOT_SUPPORTED"
    message = failure_message(reply)
    assert "nickname" in message and "titel" in message and "site__v" not in message
    assert nadia.user(target).get("site__v") is None


def test_a_file_whose_line_ends_were_stripped_names_the_strange_cells(nadia):
    reply = nadia.put_users_csv("id,user_title__v25003,Analyst25004,Clerk")
    assert failure(reply) == "ATTRIBUTE_NOT_SUPPORTED"
    assert "user_title__v25003" in failure_message(reply)


@pytest.mark.parametrize("body", ["id,site__v,\n{id},x,\n", "id,site__v,,\n{id},x,,\n",
                                  "id,,site__v\n{id},,x\n", 'id,site__v,""\n{id},x\n'])
def test_an_untitled_empty_column_is_ignored(put, nadia, target, body):
    assert put(body) == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["site__v"] == "x"


def test_an_untitled_column_with_a_value_refuses_the_request(nadia, target):
    assert failure(nadia.put_users_csv(f"id,site__v,\n{target},x,y\n")) == "INVALID_DATA"
    assert nadia.user(target).get("site__v") is None


def test_a_semicolon_file_is_not_understood(nadia, target):
    reply = nadia.put_users_csv(f"id;site__v\n{target};x\n")
    assert failure(reply) in ("ATTRIBUTE_NOT_SUPPORTED", "PARAMETER_REQUIRED")


# --- record length --------------------------------------------------------------------------------


def test_a_record_that_is_too_long_fails_alone_and_names_line_and_counts(nadia, targets):
    long, fine = targets(2)
    reply = nadia.put_users_csv(f"id,site__v\n{long},Director, Quality\n{fine},ok\n")
    assert result_rows(reply) == [("FAILURE", str(long), ["INVALID_DATA"]),
                                  ("SUCCESS", str(fine), [])]
    message = reply.json["data"][0]["errors"][0]["message"]
    assert all(number in message for number in ("2", "3")), message
    assert nadia.user(long).get("site__v") is None


def test_missing_cells_of_a_short_record_are_unchanged(nadia, target):
    reply = nadia.put_users_csv(f"id,site__v,user_title__v,company__v\n{target},Here\n")
    assert only_row(reply) == ("SUCCESS", str(target), [])
    user = nadia.user(target)
    assert (user["site__v"], user["user_title__v"], user["company__v"]) == (
        "Here", "Title before", "Company before")


def test_the_vendors_own_sample_with_a_short_and_a_slipped_record_is_accepted(nadia, targets):
    first, second = targets(2)
    body = ("id,user_title__v,mobile_phone__v,office_phone__v\n"
            f"{first},Scientist,5105550101\n{second},Director, Quality,5105550102\n")
    assert result_rows(nadia.put_users_csv(body)) == [("SUCCESS", str(first), []),
                                                      ("SUCCESS", str(second), [])]
    one, two = nadia.user(first), nadia.user(second)
    assert (one["user_title__v"], one["mobile_phone__v"]) == ("Scientist", "5105550101")
    assert "office_phone__v" not in one
    assert (two["user_title__v"], two["mobile_phone__v"], two["office_phone__v"]) == (
        "Director", " Quality", "5105550102")


# --- trimming -------------------------------------------------------------------------------------


@pytest.mark.parametrize("column, cell, expected", [
    ("user_needs_to_change_password__v", " TRUE ", True),
    ("security_policy_id__v", " 821 ", 821),
    ("user_locale__v", " en_US ", "en_US"),
    ("user_timezone__v", " Asia/Tokyo ", "Asia/Tokyo"),
    ("user_language__v", " en ", "en"),
    ("license_type__v", " read_only__v ", "read_only__v"),
])
def test_blanks_around_keys_and_lists_are_trimmed(stored, column, cell, expected):
    assert stored(cell, column) == expected


def test_blanks_around_the_id_are_trimmed_in_the_result_too(nadia, target):
    reply = nadia.put_users_csv(f"id,site__v\n  {target} , x\n", accept="text/csv")
    assert reply.text == f"responseStatus,id,errors\nSUCCESS,{target},\n"
    assert nadia.user(target)["site__v"] == " x"


def test_blanks_around_a_membership_are_trimmed(put, nadia, target):
    assert put('id,vault_membership\n{id}," 3003:true ; 4112 : true : read_only_user__v "\n') == [
        ("SUCCESS", str(target), [])]
    assert nadia.memberships(target)[4112]["security_profile__v"] == "read_only_user__v"


# --- corpus ---------------------------------------------------------------------------------------


def corpus_cases():
    return json.loads(pathlib.Path(CORPUS).read_text())


def test_the_csv_corpus_is_complete():
    assert len(corpus_cases()) >= 75


@pytest.mark.parametrize("case", corpus_cases(), ids=lambda case: case["name"])
def test_the_server_survives_and_judges_each_file_of_the_corpus(nadia, nobody, case):
    """The reader's own tests compare the rows; here the whole way is judged: an accepted file
    is never called broken for its syntax, and every answer is a complete envelope."""
    reply = nadia.put_users_csv(base64.b64decode(case["body_b64"]))
    assert reply.status == 200
    assert reply.json["responseStatus"] in ("SUCCESS", "FAILURE")
    if case["expect"] != "rows" or len(case["rows"]) > 501:
        return
    header = [name.strip().lower() for name in case["rows"][0]] if case["rows"] else []
    if header and "id" in header and len(set(header)) == len(header) and all(
            name.endswith("__v") or name == "id" for name in header):
        assert reply.json["responseStatus"] == "SUCCESS", case
        assert len(reply.json["data"]) == len(case["rows"]) - 1
