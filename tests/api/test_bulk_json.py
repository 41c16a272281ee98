"""PUT /objects/users: JSON input, row by row of its table, and the JSON test suite."""

import json

import pytest

from muster_server import PROJECT
from vault_client import failure, only_row, result_rows

SUITE = PROJECT.parent / "shared" / "corpora" / "jsontestsuite" / "test_parsing"


@pytest.fixture
def put(nadia, target):
    """put('... {id} ...'): the reply to a JSON text that names the test's own user."""
    return lambda text: nadia.put_users_json(text.replace("{id}", str(target)))


@pytest.mark.parametrize("text", [
    '[{"id":{id},"site__v":"S"}]',
    '[{"site__v":"S","id":"{id}"}]',
    ' \r\n\t[ { "id" : {id} , "site__v" : "S" } ] \n',
    '{"users":[{"id":{id},"site__v":"S"}]}',
    '{"data":[{"id":{id},"site__v":"S"}]}',
    '{"users":[{"user":{"id":{id},"site__v":"S"}}]}',
    '{"responseStatus":"SUCCESS","size":1,"users":[{"user":{"id":{id},"site__v":"S"}}]}',
    '[{"user":{"id":{id},"site__v":"S"}}]',
    '{"id":{id},"site__v":"S"}',
    '{"site__v":"S","id":{id}}',
    '[{"id":{id},"s\\u0069te__v":"\\u0053"}]',
])
def test_each_accepted_shape_updates_the_user(put, nadia, target, text):
    assert only_row(put(text)) == ("SUCCESS", str(target), [])
    assert nadia.user(target)["site__v"] == "S"


def test_what_retrieve_answers_can_be_sent_back_unchanged(nadia):
    page = nadia.get("/objects/users?limit=50&start=40&exclude_vault_membership=false")
    before = nadia.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"]
    rows = result_rows(nadia.put_users_json(page.body))
    assert rows == [("SUCCESS", str(entry["user"]["id"]), []) for entry in page.json["users"]]
    after = nadia.audit("domain_audit_trail", "?limit=1")["responseDetails"]["total"]
    assert after == before


@pytest.mark.parametrize("text", [
    '[{"id":{id},"site__v":"S"}', '[{"id":{id},"site__v":"S"}]]', '[{"id":{id}}] trailing',
    '[{"id":{id}},]', '[{"id":{id},}]', "[{'id':{id}}]", '[{id:{id}}]', '[{"id":{id} "x":1}]',
    '[{"id":{id},"site__v":"S","site__v":"T"}]', '[{"id":{id},"id":{id}}]',
    '[{"id":{id},"site__v":"tab\there"}]', '[{"id":{id},"site__v":"line\nend"}]',
    '[{"id":{id},"site__v":"\\x"}]', '[{"id":{id},"site__v":"\\ud800"}]',
    '[{"id":{id},"site__v":NaN}]', '[{"id":{id},"site__v":01}]', '// c\n[{"id":{id}}]',
    '[{"id":{id}}][{"id":{id}}]', "nonsense", '"text"', "12", "true", "null",
])
def test_a_syntax_error_refuses_the_request(put, nadia, target, text):
    assert failure(put(text)) == "INVALID_DATA"
    assert nadia.user(target).get("site__v") is None


def test_a_syntax_error_is_reported_with_its_offset(nadia):
    reply = nadia.put_users_json('[{"id":25003,}]')
    assert any(number in reply.json["errors"][0]["message"] for number in ("12", "13", "14"))


@pytest.mark.parametrize("element", ["1", '"text"', "null", "true", "[]", '[{"id":1}]'])
def test_an_element_that_is_not_an_object_fails_alone(nadia, target, element):
    reply = nadia.put_users_json('[%s,{"id":%d,"site__v":"S"}]' % (element, target))
    first, second = result_rows(reply)
    assert (first[0], first[2]) == ("FAILURE", ["INVALID_DATA"])
    assert second == ("SUCCESS", str(target), [])
    assert nadia.user(target)["site__v"] == "S"


@pytest.mark.parametrize("value", ['{"a":1}', "[]", '["x"]', "{}", "[[]]"])
def test_a_nested_value_fails_its_record_only(nadia, targets, value):
    bad, good = targets(2)
    reply = nadia.put_users_json(
        '[{"id":%d,"site__v":%s},{"id":%d,"site__v":"S"}]' % (bad, value, good))
    assert result_rows(reply) == [("FAILURE", str(bad), ["INVALID_DATA"]),
                                  ("SUCCESS", str(good), [])]


@pytest.mark.parametrize("levels, refused", [(16, False), (17, True), (100_000, True)])
def test_nesting_over_16_levels_refuses_the_request(put, levels, refused):
    depth = levels - 2  # array and object around it
    reply = put('[{"id":{id},"site__v":' + "[" * depth + "]" * depth + "}]")
    if refused:
        assert failure(reply) == "INVALID_DATA"
    else:
        assert only_row(reply)[2] == ["INVALID_DATA"]


@pytest.mark.parametrize("text, stored", [
    (r"a\\b", r"a\b"), (r"a\\\\b", r"a\\b"), (r"\"", '"'), (r"\/", "/"), (r"\t", "\t"),
    (r"\n", "\n"), (r"\u00e9", "é"), (r"\ud83d\ude00", "😀")])
def test_json_escapes_are_plain_json(put, nadia, target, text, stored):
    put('[{"id":{id},"site__v":"%s"}]' % text)
    assert nadia.user(target)["site__v"] == stored


@pytest.mark.parametrize("number", ["5551234", "-1", "0.50", "1e3", "1E+2", "123456789012345678"])
def test_a_number_for_a_text_is_its_source_text(put, nadia, target, number):
    assert only_row(put('[{"id":{id},"office_phone__v":%s}]' % number))[0] == "SUCCESS"
    assert nadia.user(target)["office_phone__v"] == number


def test_keys_may_differ_from_record_to_record(nadia, targets):
    first, second = targets(2)
    nadia.put_users_json([{"id": first, "site__v": "S"}, {"id": second, "company__v": "C"}])
    assert nadia.user(first)["company__v"] == "Company before"
    assert nadia.user(second)["company__v"] == "C"
    assert "site__v" not in nadia.user(second)


# --- JSON test suite ------------------------------------------------------------------------------


def suite_files(prefix):
    return sorted(SUITE.glob(prefix + "_*.json"))


def test_the_json_suite_is_complete():
    assert len(suite_files("n")) >= 180 and len(suite_files("y")) >= 90


def test_what_is_not_json_is_refused_as_a_whole(nadia):
    wrong = []
    for path in suite_files("n"):
        reply = nadia.put_users_json(path.read_bytes())
        empty = path.read_bytes() in (b"", b"\xef\xbb\xbf")  # nothing, or a mark and nothing
        kind = "PARAMETER_REQUIRED" if empty else "INVALID_DATA"
        if reply.json["responseStatus"] != "FAILURE" or failure(reply) != kind:
            wrong.append((path.name, reply))
    assert not wrong


def test_json_that_is_valid_is_never_called_a_syntax_error_inside_a_record(nadia, target):
    """Each valid document of the suite as the value of a field: judged as a value."""
    wrong = []
    for path in suite_files("y"):
        document = path.read_bytes().decode("utf-8")
        reply = nadia.put_users_json('[{"id":%d,"fax__v":%s}]' % (target, document))
        if "duplicated_key" not in path.name and reply.json["responseStatus"] != "SUCCESS":
            wrong.append((path.name, reply))
    assert not wrong


def test_answers_are_json_that_another_parser_reads(nadia, target):
    nasty = 'quote " backslash \\ slash / control \u007f tab \t line \n é 😀 \u2028 </script>'
    nadia.put_users_json([{"id": target, "site__v": nasty}])
    assert json.loads(nadia.get(f"/objects/users/{target}").body)["users"][0]["user"][
        "site__v"] == nasty
