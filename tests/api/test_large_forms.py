"""Forms are held whole until they are complete, so what many large ones may take together is
bounded: 64 MiB (protocol 3.4 allows a picture of 10 MB in each)."""

import contextlib

from muster_server import RawConnection, form
from test_create_user import new_user
from vault_client import failure

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(19 << 19)  # 9.5 MiB: six of them fit, seven do not
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
END = b"\r\n--part-of-form--\r\n"


def start_of_form(fields):
    parts = [f'--part-of-form\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
             for name, value in fields.items()]
    return "".join(parts).encode() + (
        b'--part-of-form\r\nContent-Disposition: form-data; name="file"; filename="me.png"\r\n\r\n'
        + PICTURE)


class LateForm:
    """A create with a picture whose last bytes are kept back."""

    def __init__(self, api, connection, fields):
        self.fields, self.connection = fields, connection
        body = start_of_form(fields)
        connection.try_send(
            f"POST /api/v24.3/objects/users HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: {api.session}\r\nContent-Length: {len(body) + len(END)}\r\n"
            "Content-Type: multipart/form-data; boundary=part-of-form\r\n\r\n".encode() + body)

    def is_refused(self, within_s=0):
        return not self.connection.quiet(within_s)

    def finish(self):
        self.connection.try_send(END)
        return self.connection.reply()


def test_large_forms_share_what_all_of_them_may_take(nadia, server):
    people = [new_user(user_name__v=f"picture.{number}@example.com") for number in range(7)]
    with contextlib.ExitStack() as stack:
        forms = [LateForm(nadia, stack.enter_context(RawConnection(server)), person)
                 for person in people]
        forms[-1].is_refused(within_s=2)
        refused = [late for late in forms if late.is_refused()]
        # A second one may have arrived while the first was being answered.
        assert 1 <= len(refused) <= 2
        for late in refused:
            assert failure(late.connection.reply()) == "API_LIMIT_EXCEEDED"
        # Who sends little is not held up by who sends much.
        fields = form(new_user(user_name__v="picture.small@example.com"))
        small = nadia.call("POST", "/objects/users", fields, FORM)
        assert small.json["responseStatus"] == "SUCCESS", small
        for late in forms:
            if late not in refused:
                assert late.finish().json["responseStatus"] == "SUCCESS"
    # What they took is given back.
    for late in refused:
        with RawConnection(server) as connection:
            again = LateForm(nadia, connection, late.fields).finish()
            assert again.json["responseStatus"] == "SUCCESS", again
