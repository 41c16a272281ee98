"""slapd and PostgreSQL of Debian in directories of their own, stopped by pid."""

import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

# A program of Debian may lie outside of the PATH of a user.
SEARCHED = os.environ["PATH"] + ":/usr/sbin:/sbin"

SLAPD_CONF = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {directory}/slapd.pid
database mdb
suffix "dc=example,dc=com"
rootdn "cn=admin,dc=example,dc=com"
rootpw bench
directory {directory}/data
maxsize 8589934592
index objectClass eq
index uid eq
index mail eq
"""

PERSON = """\
dn: uid=person{n},ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: person{n}
cn: Friederike Montgomery-{n}
sn: Montgomery-{n}
givenName: Friederike
mail: person{n}@mail.example.com
preferredLanguage: en
mobile: +41 79 555 01 {n}
title: Senior Specialist, Quality 00000000
o: Example Pharma Holding 00000000
physicalDeliveryOfficeName: Basel Building 12 00000000
telephoneNumber: +41 61 00000000
facsimileTelephoneNumber: +41 62 00000000
displayName: alias-00000000

"""


def program(name, *folders):
    path = shutil.which(name, path=SEARCHED + "".join(f":{folder}" for folder in folders))
    if path is None:
        raise RuntimeError(f"{name} is missing: script/bootstrap --peers")
    return path


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(works, process, what):
    for _ in range(600):
        if process.poll() is not None:
            break
        if works():
            return
        time.sleep(0.1)
    raise RuntimeError(f"{what} did not start")


class Slapd:
    def __init__(self, directory, users):
        (directory / "data").mkdir(parents=True)
        configuration = directory / "slapd.conf"
        configuration.write_text(SLAPD_CONF.format(directory=directory))
        with open(directory / "users.ldif", "w") as out:
            out.write("dn: dc=example,dc=com\nobjectClass: domain\ndc: example\n\n"
                      "dn: ou=people,dc=example,dc=com\nobjectClass: organizationalUnit\n"
                      "ou: people\n\n")
            out.writelines(PERSON.format(n=n) for n in range(users))
        subprocess.run([program("slapadd"), "-q", "-f", configuration, "-l",
                        directory / "users.ldif"], check=True, capture_output=True)
        self.port = free_port()
        self.process = subprocess.Popen(
            [program("slapd"), "-f", configuration, "-h", f"ldap://127.0.0.1:{self.port}",
             "-d", "0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            wait_until(self._answers, self.process, "slapd")
        except BaseException:
            self.__exit__()
            raise

    def _answers(self):
        with socket.socket() as connection:
            return connection.connect_ex(("127.0.0.1", self.port)) == 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)


class Postgres:
    """Reached by a socket in a directory that only its owner may enter; no port."""

    def __init__(self, directory):
        # It refuses to run as root, and a socket's path must be short.
        self.as_owner, owner = [], None
        self.directory = pathlib.Path(directory).resolve()
        self.sockets = pathlib.Path(tempfile.mkdtemp(prefix="bench-pg-"))
        self.directory.mkdir(parents=True)
        if os.geteuid() == 0:
            self.as_owner = [program("runuser"), "-u", "postgres", "--"]
            owner = pwd.getpwnam("postgres").pw_uid
            for path in (self.directory, self.sockets):
                os.chown(path, owner, -1)
            self.directory.parent.chmod(0o711)
        self.process = None
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise

    def _start(self):
        folder = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
        data = self.directory / "data"
        subprocess.run([*self.as_owner, program("initdb", *folder), "-D", data, "-U", "bench",
                        "-A", "trust", "-E", "UTF8", "--locale", "C"], check=True,
                       capture_output=True, cwd=self.directory)
        settings = {"listen_addresses": "", "unix_socket_directories": self.sockets,
                    "shared_buffers": "1GB", "max_wal_size": "4GB", "fsync": "on",
                    "synchronous_commit": "on", "full_page_writes": "on"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [*self.as_owner, program("postgres", *folder), "-D", data, *options],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.directory)
        wait_until(lambda: (self.sockets / ".s.PGSQL.5432").exists()
                   and (data / "postmaster.pid").read_text().rstrip().endswith("ready"),
                   self.process, "PostgreSQL")
        self.where = f"host={self.sockets} user=bench dbname=postgres"

    def create(self, name, template="template0"):
        """A database; `template`: it begins as a copy of that one, which nobody uses."""
        self._sql(f"CREATE DATABASE {name} TEMPLATE {template}")

    def analyse(self, name):
        self._sql("VACUUM ANALYZE", name)

    def url(self, name):
        return f"postgresql://bench@/{name}?host={self.sockets}"

    def _sql(self, statement, name="postgres"):
        subprocess.run([program("psql"), "-qX", "-h", self.sockets, "-U", "bench", "-d", name,
                        "-c", statement], check=True)

    def fill(self, command):
        subprocess.run(list(map(str, command)), check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process is not None:
            pid_file = self.directory / "data" / "postmaster.pid"
            if pid_file.exists():  # runuser stands before the server itself
                os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
            else:
                self.process.terminate()
            self.process.wait(timeout=60)
        shutil.rmtree(self.sockets)
