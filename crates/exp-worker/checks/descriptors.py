#!/usr/bin/env python3
"""A worker that runs out of open files says so, goes on, and recovers: connections that ask for nothing have to make room.

It may have 64 open files, and 200 clients connect and say nothing, again and again, while a good client scrapes. Needs cargo.
"""

import contextlib
import socket
import sys
import threading

sys.dont_write_bytecode = True

from checks import Checks  # noqa: E402
from deadline import bounded, poll  # noqa: E402
from exposition import total  # noqa: E402
import worker as exp  # noqa: E402

OPEN_FILES = 64
CLIENTS = 200
SCRAPES = 20
BUILD_SECONDS = 1_200
SECONDS = 120
PATIENCE_SECONDS = 20
WARNING = "connections could not be accepted"


class Crowd(threading.Thread):
    """Silent clients. One that is closed connects again."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.stopped = threading.Event()
        self._port = port

    def run(self):
        with contextlib.ExitStack() as all_clients:
            clients = [all_clients.enter_context(socket.create_connection(("127.0.0.1", self._port), PATIENCE_SECONDS)) for _ in range(CLIENTS)]
            while not self.stopped.wait(0.05):
                for index, client in enumerate(clients):
                    if is_closed(client):
                        client.close()
                        clients[index] = all_clients.enter_context(socket.create_connection(("127.0.0.1", self._port), PATIENCE_SECONDS))


def is_closed(client):
    try:
        return client.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def main():
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    with bounded(SECONDS), exp.running(binary, open_files=OPEN_FILES) as worker:
        files = worker.open_files()
        crowd = Crowd(worker.port)
        crowd.start()
        checks.equal("it says that it has too many open files", poll(lambda: WARNING in worker.log(), PATIENCE_SECONDS), True)
        statuses = [worker.get("/metrics")[0] for _ in range(SCRAPES)]
        checks.equal("scrapes beside the crowd", statuses, [200] * SCRAPES)
        checks.equal("the crowd is still there", crowd.is_alive(), True)
        crowd.stopped.set()
        crowd.join()

        poll(lambda: worker.open_files() <= files, PATIENCE_SECONDS)
        checks.equal("open files afterwards", worker.open_files(), files)
        status, page = worker.get("/metrics")
        checks.equal("status of /metrics afterwards", status, 200)
        checks.equal("requests, to the unit", total(page.decode(), "exp_http_requests_total"), sum(worker.asked.values()))
        code, _ = worker.stop()
        checks.equal("exit code after SIGTERM", code, 0)
        log = worker.log().splitlines()
        checks.equal("lines of the log", len(log), 1)
        checks.equal("the line names cause and remedy", all(word in log[0] for word in (WARNING, "os error 24", "ulimit -n")), True)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
