"""Muster nodes, and nginx in front of them."""

import pathlib
import signal
import subprocess

from databases import TIMEOUT_S, free_port, hand_over, unprivileged, wait_until

NGINX = "/usr/sbin/nginx"
TEMPLATE = pathlib.Path(__file__).resolve().parent / "nginx.conf.in"


def end(process, ending=signal.SIGTERM):
    """Sends the signal, unless the process has ended before, and waits."""
    if process.poll() is None:
        process.send_signal(ending)
    try:
        process.wait(TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Node:
    """A Muster server that believes nginx what it says of the client."""

    def __init__(self, folder, name, binary, store):
        self.address = f"127.0.0.1:{free_port()}"
        self.log = pathlib.Path(folder) / f"{name}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig=TERM", binary, "serve", "--store", store,
                 "--listen", self.address, "--trusted-proxies", "127.0.0.1"],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
                start_new_session=True)

    def wait(self):
        """Until it answers: of two that begin on an empty database one fills it."""
        for line in self.process.stdout:
            if line.startswith("muster ready"):
                return
        raise RuntimeError(f"a node ended: {self.log.read_text()[-2000:]}")

    def stop(self):
        end(self.process)
        self.process.stdout.close()


class Nginx:
    def __init__(self, folder, nodes):
        """`nodes` are two addresses."""
        hand_over(folder)
        self.folder = pathlib.Path(folder)
        self.address = f"127.0.0.1:{free_port()}"
        places = {"LISTEN": self.address, "INNER": f"127.0.0.1:{free_port()}",
                  "NODE1": nodes[0], "NODE2": nodes[1]}
        text = TEMPLATE.read_text()
        for place, value in places.items():
            text = text.replace(f"@{place}@", value)
        (self.folder / "nginx.conf").write_text(text)
        self.log = self.folder / "error.log"
        self.process = subprocess.Popen(
            [*unprivileged("TERM"), NGINX, "-p", self.folder, "-c", self.folder / "nginx.conf",
             "-e", self.log, "-g", "daemon off;"], cwd="/", start_new_session=True)

    def wait(self):
        wait_until(self._has_begun, f"nginx did not start: see {self.log}")

    def _has_begun(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"nginx ended: {self.log.read_text()[-2000:]}")
        pid = self.folder / "nginx.pid"  # written when it listens
        return pid.exists() and pid.read_text().strip() == str(self.process.pid)

    def stop(self):
        end(self.process)
