"""The sample file: a bulk update body to start from, which the server itself must accept."""

import csv
import io

from vault_client import Api, person, result_rows

PATH = "/sample-files/vault-update-users-sample-csv-input.csv"


def test_the_sample_names_the_id_first_and_every_updatable_column_once(server, nadia):
    reply = server.get(PATH)
    assert (reply.status, reply.content_type) == (200, "text/csv;charset=UTF-8")
    header = next(csv.reader(io.StringIO(reply.text)))
    editable = {field["name"] for field in nadia.get("/metadata/objects/users").json["properties"]
                if field["editable"]} - {"security_profile__v"}
    assert header[0] == "id"
    assert len(header) == len(set(header))
    assert set(header) == editable | {"id", "vault_membership"}


def test_the_sample_can_be_sent_as_it_is(own_server):
    nadia = Api(own_server).log_in_as(person("nadia.brandt"))
    sample = own_server.get(PATH)
    header, *records = csv.reader(io.StringIO(sample.text))
    reply = nadia.put_users_csv(sample.body, accept="text/csv")
    assert result_rows(reply) == [("SUCCESS", record[0], []) for record in records]
    first = dict(zip(header, records[0]))
    assert nadia.user(int(first["id"]))["user_title__v"] == first["user_title__v"]
