"""A client that compares as strictly as the vendor's Java library does: URLs and content types as
strings, ids as 32-bit integers, headers that must be there; and that sends what it sends.

    client = JvmStyleClient("localhost:8443", ca_file)
    client.log_in("nadia.brandt@example.com", "...")
    envelope = client.call("GET", "/objects/users/me")
"""

import http.client
import json
import ssl
import urllib.parse

VERSION = "v24.3"  # hard-wired there
JSON = "application/json;charset=UTF-8"
FORM = "application/x-www-form-urlencoded"
NUMBERS = ("X-VaultAPI-VaultId", "X-VaultAPI-UserId", "X-VaultAPI-BurstLimit",
           "X-VaultAPI-BurstLimitRemaining", "X-VaultAPI-ResponseDelay")


class JvmStyleClient:
    def __init__(self, dns, ca_file):
        self.dns = dns  # with the port, as it is only ever concatenated
        host, _, port = dns.partition(":")
        self.connection = http.client.HTTPSConnection(
            host, int(port), timeout=60, context=ssl.create_default_context(cafile=ca_file))
        self.session = None
        self.vault_id = self.user_id = None
        self.calls = 0

    def call(self, method, path, body=None, content_type=None, accept=None):
        """Returns the envelope after every comparison that client makes."""
        answer, text = self.send(method, path, body, content_type, accept)
        assert answer.headers["Content-Type"] == JSON, answer.headers["Content-Type"]
        assert not text.startswith(b"\xef\xbb\xbf")
        envelope = json.loads(text)
        assert isinstance(envelope, dict)
        assert envelope["responseStatus"] in ("SUCCESS", "WARNING", "FAILURE", "EXCEPTION")
        for error in envelope.get("errors") or []:
            assert isinstance(error["type"], str) and isinstance(error["message"], str)
        return envelope

    def send(self, method, path, body=None, content_type=None, accept=None):
        self.calls += 1
        reference = f"call-{self.calls}"
        target = path if path.startswith("/api/") else f"/api/{VERSION}{path}"
        headers = {"X-VaultAPI-ClientID": "example-jvm", "X-VaultAPI-ReferenceId": reference,
                   "Host": self.dns, "Connection": "Keep-Alive", "Accept-Encoding": "gzip",
                   "User-Agent": "okhttp/4.12.0"}
        if self.session:
            headers["Authorization"] = self.session
        if content_type:
            headers["Content-Type"] = content_type
        if accept:
            headers["Accept"] = accept
        if method != "GET":
            headers["Content-Length"] = str(len(body or b""))
        self.connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            self.connection.putheader(name, value)
        self.connection.endheaders(body)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.headers["X-VaultAPI-ReferenceId"] == reference
        assert answer.headers["X-VaultAPI-ExecutionId"]
        for name in NUMBERS:
            assert answer.headers[name] is None or answer.headers[name].isdigit(), name
        return answer, text

    def form(self, method, path, **fields):
        body = "&".join(f"{name}={urllib.parse.quote(str(value), safe='')}"
                        for name, value in fields.items()).encode()
        return self.call(method, path, body, FORM)

    def log_in(self, user_name, password):
        """Login, and the check of the URL of the vault without which it throws the session away."""
        envelope = self.form("POST", "/auth", username=user_name, password=password,
                             vaultDNS=self.dns)
        assert envelope["responseStatus"] == "SUCCESS", envelope
        (vault,) = [vault for vault in envelope["vaultIds"]
                    if int(vault["id"]) == int(envelope["vaultId"])]
        assert vault["url"] == f"https://{self.dns}/api"
        self.session = envelope["sessionId"]
        self.vault_id, self.user_id = int32(envelope["vaultId"]), int32(envelope["userId"])

    def validate_session(self):
        """The list of versions: the entry of its own version must be its own URL."""
        answer, text = self.send("GET", f"/api/{VERSION}")
        assert json.loads(text)["values"][VERSION] == f"https://{self.dns}/api/{VERSION}"
        assert int32(answer.headers["X-VaultAPI-VaultId"]) == self.vault_id
        assert int32(answer.headers["X-VaultAPI-UserId"]) == self.user_id

    def csv(self, method, path, text, accept="application/json"):
        """Rows of a bulk call: [(status, id or None, [error type])]."""
        envelope = self.call(method, path, text.encode(), "text/csv", accept)
        assert envelope["responseStatus"] == "SUCCESS", envelope
        assert isinstance(envelope["data"], list)
        return [(row["responseStatus"], row.get("id"),
                 [error["type"] for error in row.get("errors") or []]) for row in envelope["data"]]

    def pages(self, path):
        """The rows of all pages. A link is a path on this host, or it leads nowhere."""
        while path:
            envelope = self.call("GET", path)
            details = envelope["responseDetails"]
            assert len(envelope["data"]) == details["size"]
            yield from envelope["data"]
            path = details.get("next_page")
            assert path is None or path.startswith(f"/api/{VERSION}/"), path


def int32(value):
    number = int(value)
    assert 0 < number < 2**31, value
    return number


def check_user(user):
    """The members it binds to Java types; a shape it cannot bind kills its caller."""
    for name in ("id", "created_by__v", "modified_by__v", "domain_id__v", "security_policy_id__v"):
        int32(user[name])
    for name in ("active__v", "domain_active__v", "is_domain_admin__v"):
        assert user[name] in (True, False)
    assert all(int32(vault) for vault in user["vault_id__v"])
    assert isinstance(user.get("group_id__v", []), list)
    for name in ("user_name__v", "user_first_name__v", "license_type__v", "security_profile__v"):
        assert isinstance(user[name], str)
