"""What a server behind a trusted proxy believes of X-Forwarded-*, seen on its own answers."""

import pytest

from muster_server import MusterServer, RawConnection
from vault_client import write_seed


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxied")
    with MusterServer(folder / "data", seed=write_seed(folder / "seed.json"),
                      arguments=["--trusted-proxies", "10.0.0.1,127.0.0.0/8"]) as running:
        yield running


def version_url(server, *lines):
    with RawConnection(server) as connection:
        connection.send("\r\n".join(["GET /api/ HTTP/1.1", "Host: internal:8080", *lines, "", ""])
                        .encode())
        return connection.reply().json["values"]["v24.3"]


def test_a_proxy_out_of_a_trusted_range_names_the_host(proxied):
    assert version_url(proxied, "X-Forwarded-Proto: https", "X-Forwarded-Host: users.example.com"
                       ) == "https://users.example.com/api/v24.3"


def test_the_line_that_the_proxy_adds_counts_and_not_the_one_of_the_client(proxied):
    assert version_url(proxied, "X-Forwarded-Host: evil.example.net", "X-Forwarded-Proto: http",
                       "x-forwarded-host: users.example.com", "x-forwarded-proto: https"
                       ) == "https://users.example.com/api/v24.3"


def test_the_address_in_the_log_is_the_one_the_proxy_wrote(proxied):
    version_url(proxied, "X-VaultAPI-ReferenceId: who-is-it", "X-Forwarded-For: 198.51.100.1",
                "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 127.0.0.7")
    (line,) = proxied.log_lines(containing="who-is-it")
    assert 'address="203.0.113.9"' in line
