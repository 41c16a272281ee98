"""PUT /objects/users: how much a request may hold, and that nothing is applied too early."""

import json

import pytest

from vault_client import failure, failure_message, result_rows

CSV, JSON = "text/csv", "application/json"


def test_500_records_are_applied_and_answered_in_input_order(nadia, targets):
    ids = list(reversed(targets(500)))
    for content_type in (CSV, JSON):
        site = f"As {content_type}"
        reply = nadia.update(content_type, [{"id": i, "site__v": f"{site} {i}"} for i in ids])
        assert result_rows(reply) == [("SUCCESS", str(i), []) for i in ids]
        page = nadia.get("/objects/users?limit=1000").json["users"]
        sites = {entry["user"]["id"]: entry["user"].get("site__v") for entry in page}
        assert [sites[i] for i in ids] == [f"{site} {i}" for i in ids]


@pytest.mark.parametrize("content_type", [CSV, JSON])
def test_501_records_are_refused_and_none_is_applied(nadia, target, content_type):
    records = [{"id": target, "site__v": "Too many"}] + [
        {"id": 800000 + n, "site__v": "x"} for n in range(500)]
    reply = nadia.update(content_type, records, accept="text/csv")
    assert failure_message(reply) == "More than 500 records."
    assert failure(reply) == "INVALID_DATA"
    assert nadia.user(target).get("site__v") is None


def test_501_records_answer_the_documented_bytes(nadia):
    reply = nadia.put_users_csv("id\n" + "25003\n" * 501, accept="text/csv")
    assert reply.text == ('{"responseStatus":"FAILURE","responseMessage":"More than 500 records.",'
                          '"errors":[{"type":"INVALID_DATA","message":"More than 500 records."}]}')
    assert reply.content_type == "application/json;charset=UTF-8"


def test_empty_lines_are_not_counted_among_the_500(nadia):
    reply = nadia.put_users_csv("id\n" + "\n25003\r\n\n" * 500)
    assert len(result_rows(reply)) == 500


@pytest.mark.parametrize("content_type", [CSV, JSON, None])
def test_zero_bytes_are_refused(nadia, content_type):
    assert failure(nadia.put_users(b"", content_type)) == "PARAMETER_REQUIRED"


@pytest.mark.parametrize("content_type, body", [
    (CSV, "id,user_title__v\n"), (CSV, "id"), (CSV, "id\n\n\r\n\n"), (JSON, "[]"),
    (JSON, " [ ]\n"), (JSON, '{"users":[]}'), (JSON, '{"data":[]}')])
def test_a_request_without_records_has_nothing_to_do(nadia, content_type, body):
    reply = nadia.put_users(body, content_type)
    assert reply.json == {"responseStatus": "SUCCESS", "data": []}


def test_a_csv_answer_without_records_is_the_header_line(nadia):
    assert nadia.put_users_csv("id\n", accept="text/csv").text == "responseStatus,id,errors\n"


def test_a_cell_over_64_kib_fails_its_record_only(nadia, targets):
    long, fine = targets(2)
    for content_type in (CSV, JSON):
        reply = nadia.update(content_type, [{"id": long, "company__v": "x" * 65537},
                                            {"id": fine, "company__v": "x" * 255}])
        assert result_rows(reply) == [("FAILURE", str(long), ["INVALID_DATA"]),
                                      ("SUCCESS", str(fine), [])]
    assert nadia.user(long)["company__v"] == "Company before"
    assert nadia.user(fine)["company__v"] == "x" * 255


# --- encoding -----------------------------------------------------------------------------------


BROKEN_UTF8 = {
    "lone continuation": b"\x80", "cut sequence": b"\xc3", "overlong slash": b"\xc0\xaf",
    "overlong NUL": b"\xc0\x80", "surrogate": b"\xed\xa0\x80", "over U+10FFFF": b"\xf4\x90\x80\x80",
    "byte FF": b"\xff", "Latin-1": b"\xe9t\xe9",
}


@pytest.mark.parametrize("name", list(BROKEN_UTF8))
@pytest.mark.parametrize("content_type", [CSV, JSON])
def test_broken_utf8_refuses_the_whole_request(nadia, target, content_type, name):
    body = {CSV: b"id,site__v\n%d,ok\n%d,a%bz\n",
            JSON: b'[{"id":%d,"site__v":"ok"},{"id":%d,"site__v":"a%bz"}]'}[content_type]
    body = body % (target, target + 100000, BROKEN_UTF8[name])
    reply = nadia.put_users(body, content_type)
    assert failure(reply) == "INVALID_DATA"
    offset = body.index(BROKEN_UTF8[name])
    assert str(offset) in reply.json["errors"][0]["message"]
    assert nadia.user(target).get("site__v") is None


@pytest.mark.parametrize("text", ["é", "ß", "語", "😀", "a\u0301", "\u202eabc", "\u200b", "\ufeffx"])
@pytest.mark.parametrize("content_type", [CSV, JSON])
def test_text_of_any_script_is_stored_as_sent(nadia, target, content_type, text):
    nadia.update(content_type, [{"id": target, "site__v": text}])
    assert nadia.user(target)["site__v"] == text


@pytest.mark.parametrize("content_type, body", [(CSV, "id,site__v\n{id},Mark\n"),
                                                (JSON, '[{{"id":{id},"site__v":"Mark"}}]')])
def test_a_utf8_byte_order_mark_is_skipped(nadia, target, content_type, body):
    reply = nadia.put_users("\ufeff" + body.format(id=target), content_type)
    assert result_rows(reply) == [("SUCCESS", str(target), [])]
    assert nadia.user(target)["site__v"] == "Mark"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("content_type", [CSV, JSON, None])
def test_utf16_is_refused_by_name(nadia, encoding, content_type):
    reply = nadia.put_users(("\ufeffid\n25003\n").encode(encoding), content_type)
    assert failure(reply) == "INVALID_DATA"
    assert "UTF-16" in reply.json["errors"][0]["message"]


# --- nothing too early --------------------------------------------------------------------------


@pytest.mark.parametrize("content_type, tail", [
    (CSV, '"a"b\n'), (CSV, '"never closed\n'), (CSV, '\xff'), (JSON, "]"), (JSON, "x"),
    (JSON, '{"id":1,"id":2}'), (JSON, "")])
def test_a_syntax_error_at_the_end_leaves_the_records_before_it_alone(nadia, targets,
                                                                     content_type, tail):
    ids = targets(3)
    if content_type == CSV:
        body = "id,site__v\n" + "".join(f"{i},Early\n" for i in ids) + tail
    else:
        body = "[" + "".join(json.dumps({"id": i, "site__v": "Early"}) + "," for i in ids) + tail
    body = body.encode("latin-1")
    assert failure(nadia.put_users(body, content_type)) == "INVALID_DATA"
    assert [nadia.user(i).get("site__v") for i in ids] == [None] * 3


@pytest.mark.parametrize("operation", ["?operation=upsert&idParam=id", "?operation=upsert"])
def test_upsert_is_not_this_call(nadia, target, operation):
    reply = nadia.put_users_json([{"id": target, "site__v": "x"}], query=operation)
    assert failure(reply) == "INVALID_DATA"
    assert nadia.user(target).get("site__v") is None


def test_other_query_parameters_are_ignored(nadia, target):
    reply = nadia.put_users_json([{"id": target}], query="?client_id=me&foo=bar&idParam=id")
    assert result_rows(reply) == [("SUCCESS", str(target), [])]
