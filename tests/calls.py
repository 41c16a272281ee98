"""One right way to make each call of the API, for the tests that walk over all of them.

    call = CALLS["PUT", "/api/{version}/objects/users/{id}", "title"]
    method, target, body, headers = call.request({"id": 25003, "unique": "x1"})

In paths and bodies `$name` stands for a value of the caller: $id (the object), $unique (a text that
was not used before), $password, $user_name.
"""

import dataclasses
import re
import string

VERSION = "v24.3"
FORM, JSON, CSV = "application/x-www-form-urlencoded", "application/json", "text/csv"
API, USERS, GROUPS, RECORDS = ("/api/{version}", "/api/{version}/objects/users",
                               "/api/{version}/objects/groups", "/api/{version}/vobjects/user__sys")


@dataclasses.dataclass(frozen=True)
class Call:
    method: str
    path: str  # template of the route table
    query: str = ""
    body: str | None = None
    content_type: str | None = None
    spends: bool = False  # of a caller who means himself: session, password, role or account

    def request(self, values):
        """(method, target, body, headers without a session)."""
        at = {"version": VERSION, "vault_id": "3003", "trail": "login_audit_trail",
              "profile": "1", **values}
        path = re.sub(r"{(\w+)}", lambda name: str(at.get(name[1], at.get("id"))), self.path)
        fill = lambda text: string.Template(text).substitute(at)  # noqa: E731
        body = None if self.body is None else fill(self.body)
        headers = {} if self.content_type is None else {"Content-Type": self.content_type}
        return self.method, path + fill(self.query), body, headers


NEW_USER = {
    "user_name__v": "new.$unique@example.com", "user_first_name__v": "New",
    "user_last_name__v": "Person", "user_email__v": "new@example.com",
    "user_timezone__v": "Europe/Berlin", "user_locale__v": "de_DE", "user_language__v": "en",
    "security_policy_id__v": "821"}


def _form(**fields):
    return "&".join(f"{name}={value}" for name, value in fields.items())


def _csv(**fields):
    return ",".join(fields) + "\n" + ",".join(fields.values()) + "\n"


RECORD = {"email__sys": "new@example.com", "first_name__sys": "New", "last_name__sys": "Person",
          "username__sys": "new.$unique@example.com", "language__sys": "en",
          "locale__sys": "de_DE", "timezone__sys": "Europe/Berlin",
          "security_profile__sys": "document_user__v"}

# (method, path, what is special; "" for the plain call): how to make it.
_TABLE = [
    # Versions, login, sessions
    ("GET", "/api", "", {}),
    ("GET", API, "", {}),
    ("POST", API + "/auth", "", {"body": "username=$login_name&password=$login_password"}),
    ("POST", "/auth/discovery", "", {"body": "username=$user_name"}),
    ("POST", API + "/auth/discovery", "", {"body": "username=$user_name"}),
    ("POST", "/auth/oauth/session/{id}", "", {"body": "vaultDNS=quality.example.com"}),
    ("POST", API + "/auth/oauth/session/{id}", "", {"body": "vaultDNS=quality.example.com"}),
    ("POST", API + "/keep-alive", "", {}),
    ("DELETE", API + "/session", "", {"spends": True}),
    ("GET", API + "/delegation/vaults", "", {}),
    ("POST", API + "/delegation/login", "", {"body": "vault_id=3003&delegator_userid=$id"}),

    # Users
    ("GET", USERS, "", {}),
    ("GET", USERS, "vaults=all", {"query": "?vaults=all&limit=5"}),
    ("GET", USERS, "vaults=4112", {"query": "?vaults=4112&limit=5"}),
    ("GET", USERS + "/me", "", {}),
    ("GET", USERS + "/{id}", "", {}),
    ("GET", API + "/metadata/objects/users", "", {}),
    ("PUT", USERS, "", {"csv": _csv(id="$id", site__v="$unique")}),
    ("PUT", USERS, "domain_active__v", {"json": '[{"id":$id,"domain_active__v":false}]'}),
    ("PUT", USERS, "is_domain_admin__v", {"json": '[{"id":$id,"is_domain_admin__v":true}]'}),
    ("PUT", USERS, "grants vault_owner__v", {
        "json": '[{"id":$id,"vault_membership":"3003:true:vault_owner__v"}]', "spends": True}),
    ("POST", USERS, "into vault 3003", {"csv": _csv(**NEW_USER, vault_membership="3003:true")}),
    ("POST", USERS, "into vault 4112", {"csv": _csv(**NEW_USER, vault_membership="4112:true")}),
    ("POST", USERS, "form", {"body": _form(**NEW_USER)}),
    ("POST", USERS, "form, domain=true", {"query": "?domain=true", "body": _form(**NEW_USER)}),
    ("POST", USERS, "upsert", {"query": "?operation=upsert&idParam=id",
                               "csv": _csv(id="$id", site__v="$unique")}),
    ("PUT", USERS + "/{id}", "", {"body": "site__v=$unique"}),
    ("PUT", USERS + "/{id}", "domain_active__v", {"body": "domain_active__v=false"}),
    ("PUT", USERS + "/{id}", "is_domain_admin__v", {"body": "is_domain_admin__v=true"}),
    ("PUT", USERS + "/{id}", "security_profile__v", {
        "body": "security_profile__v=vault_owner__v", "spends": True}),
    ("POST", USERS + "/{id}", "", {"body": "site__v=$unique"}),
    ("PUT", USERS + "/me", "", {"body": "site__v=$unique"}),
    ("PUT", USERS + "/me", "federated_id__v", {"body": "federated_id__v=$unique"}),
    ("PUT", USERS + "/me", "is_domain_admin__v", {
        "body": "is_domain_admin__v=true", "spends": True}),
    ("PUT", USERS + "/me", "security_profile__v", {
        "body": "security_profile__v=vault_owner__v", "spends": True}),
    ("DELETE", USERS + "/{id}", "", {"spends": True}),
    ("DELETE", USERS + "/{id}", "domain=true", {"query": "?domain=true", "spends": True}),
    ("DELETE", USERS + "/me", "", {}),
    ("POST", USERS + "/me/password", "", {
        "body": "password__v=$password&new_password__v=Changed-$unique-A1", "spends": True}),
    ("POST", USERS + "/{id}/password", "", {
        "body": "password__v=$password&new_password__v=Changed-$unique-A1", "spends": True}),
    ("PUT", USERS + "/{user_id}/vault_membership/{vault_id}", "", {
        "body": "license_type__v=external__v"}),
    ("PUT", USERS + "/{user_id}/vault_membership/{vault_id}", "vault_owner__v", {
        "body": "security_profile__v=vault_owner__v"}),
    ("GET", API + "/objects/licenses", "", {}),
    ("GET", USERS + "/me/permissions", "", {}),
    ("GET", USERS + "/{id}/permissions", "", {}),
    ("POST", "/muster/v1/users/{id}/password", "", {"body": "new_password__v=Reset-$unique-A1"}),

    # Policies, domain, groups
    ("GET", API + "/metadata/objects/securitypolicies", "", {}),
    ("GET", API + "/objects/securitypolicies", "", {}),
    ("GET", API + "/objects/securitypolicies/{name__v}", "", {}),
    ("GET", API + "/objects/domain", "", {}),
    ("GET", API + "/objects/domains", "", {}),
    ("GET", API + "/metadata/objects/groups", "", {}),
    ("GET", GROUPS, "", {}),
    ("GET", GROUPS + "/auto", "", {}),
    ("GET", GROUPS + "/{id}", "", {}),
    ("POST", GROUPS, "", {"body": "label__v=Group $unique"}),
    ("PUT", GROUPS + "/{id}", "", {"body": "group_description__v=$unique"}),
    ("DELETE", GROUPS + "/{id}", "", {}),

    # Object records and queries
    ("GET", API + "/metadata/vobjects", "", {}),
    ("GET", API + "/metadata/vobjects/user__sys", "", {}),
    ("GET", RECORDS + "/{id}", "", {}),
    ("PUT", RECORDS, "", {"csv": _csv(id="$id", title__sys="$unique")}),
    ("POST", RECORDS, "", {"csv": _csv(**RECORD)}),
    ("POST", RECORDS, "upsert", {"query": "?idParam=id", "csv": _csv(id="$id", title__sys="$unique")}),
    ("DELETE", RECORDS, "", {"json": '[{"id":"$id"}]'}),
    ("DELETE", RECORDS + "/{id}", "", {}),
    ("GET", RECORDS + "/{id}/audittrail", "", {}),
    ("GET", API + "/query", "", {"query": "?q=SELECT+id+FROM+users"}),
    ("POST", API + "/query", "", {"body": "q=SELECT id, user_name__v FROM users"}),
    ("GET", API + "/query/{query}", "", {}),
    ("POST", API + "/query/{query}", "", {}),

    # Audit trail
    ("GET", API + "/metadata/audittrail", "", {}),
    ("GET", API + "/metadata/audittrail/{trail}", "", {}),
    ("GET", API + "/audittrail/domain_audit_trail", "", {}),
    ("GET", API + "/audittrail/login_audit_trail", "", {}),
    ("GET", API + "/audittrail/object_audit_trail", "", {}),
    ("GET", API + "/audittrail/system_audit_trail", "", {}),
    ("GET", API + "/services/jobs/{id}", "", {}),
    ("GET", API + "/services/jobs/{id}/file", "", {}),

    # Muster's own
    ("GET", "/muster/v1/batches", "", {}),
    ("GET", "/muster/v1/batches/{id}", "", {}),
    ("POST", "/muster/v1/batches/{id}/undo", "", {}),
    ("GET", "/sample-files/vault-update-users-sample-csv-input.csv", "", {}),
    ("GET", "/healthz", "", {}),
    ("GET", "/readyz", "", {}),
    ("GET", "/metrics", "", {}),
]


def _call(method, path, how):
    how = dict(how)
    content_type = FORM if "body" in how else None
    for kind, name in (("csv", CSV), ("json", JSON)):
        if kind in how:
            how["body"], content_type = how.pop(kind), name
    return Call(method, path, content_type=content_type, **how)


CALLS = {(method, path, special): _call(method, path, how)
         for method, path, special, how in _TABLE}


def call_of(route):
    """Some right way to call this route."""
    return next(call for (method, path, _), call in CALLS.items()
                if (method, path) == (route.method, route.path))
