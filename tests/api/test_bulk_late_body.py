"""PUT /objects/users: what happens to the caller while the body comes in counts."""

import json

import pytest

from muster_server import RawConnection
from vault_client import Api, failure, only_row, person

USER = 30001


class Upload:
    """A bulk update whose body comes in two parts."""

    def __init__(self, server, session, records):
        self.connection = RawConnection(server)
        self.body = json.dumps(records).encode()
        self.connection.send(
            f"PUT /api/v24.3/objects/users HTTP/1.1\r\nHost: {server.host}\r\n"
            f"Authorization: {session}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n".encode() + self.body[:20])
        assert self.connection.quiet(0.2)

    def finish(self):
        with self.connection:
            self.connection.send(self.body[20:])
            return self.connection.reply()


@pytest.fixture
def nadia(own_server):
    return Api(own_server).log_in_as(person("nadia.brandt"))


@pytest.fixture
def sara(own_server):
    return Api(own_server).log_in_as(person("sara.quality"))  # System Admin of Quality


@pytest.mark.parametrize("change, verdict", [
    ({"domain_active__v": False}, "INVALID_SESSION_ID"),
    ({"vault_membership": "3003:false"}, "INVALID_SESSION_ID"),
    ({"vault_membership": "3003::business_admin__v"}, "INSUFFICIENT_ACCESS"),
])
def test_an_administrator_who_is_stopped_meanwhile_writes_nothing(own_server, nadia, sara, change,
                                                                  verdict):
    upload = Upload(own_server, sara.session, [{"id": USER, "site__v": "Too late"}])
    stopped = nadia.put_users_json([{"id": person("sara.quality").id, **change}])
    assert only_row(stopped)[0] == "SUCCESS"
    assert failure(upload.finish()) == verdict
    assert "site__v" not in nadia.user(USER)


def test_a_session_that_is_ended_meanwhile_writes_nothing(own_server, nadia, sara):
    upload = Upload(own_server, sara.session, [{"id": USER, "site__v": "Too late"}])
    assert sara.call("DELETE", "/session").json == {"responseStatus": "SUCCESS"}
    assert failure(upload.finish()) == "INVALID_SESSION_ID"
    assert "site__v" not in nadia.user(USER)


def test_what_happens_to_others_does_not_matter(own_server, nadia, sara):
    upload = Upload(own_server, sara.session, [{"id": USER, "site__v": "In time"}])
    nadia.put_users_json([{"id": person("otto.owner").id, "domain_active__v": False}])
    assert only_row(upload.finish()) == ("SUCCESS", str(USER), [])
    assert nadia.user(USER)["site__v"] == "In time"
