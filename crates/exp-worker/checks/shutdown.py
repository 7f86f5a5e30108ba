#!/usr/bin/env python3
"""A stop loses no answer: workers get SIGTERM while clients ask as fast as they can, on kept connections and on new ones, and viewers watch.

No answer may be broken off, and what the worker says that it served must be what the clients got, to the unit. Needs cargo.
"""

import asyncio
import re
import sys

sys.dont_write_bytecode = True

from checks import Checks  # noqa: E402
from deadline import bounded  # noqa: E402
import worker as exp  # noqa: E402

STOPS = 10
KEPT = 40
NEW = 20
VIEWERS = 5
LOAD_SECONDS = 0.7
BUILD_SECONDS = 1_200
STOP_SECONDS = 30
PATH = "/api/v1/run-time?for=api"


class Tally:
    """What the clients of one worker got."""

    def __init__(self):
        self.answers = 0
        self.unanswered = 0
        self.broken = []


async def asked(reader, writer, connection, tally):
    """One request, and whether there may be another on this connection. An answer that breaks off is an exception."""
    writer.write(f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: {connection}\r\n\r\n".encode())
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise ValueError(f"a head broke off: {error.partial!r}") from error
        tally.unanswered += 1
        return False
    except ConnectionError:
        tally.unanswered += 1
        return False
    if not head.startswith(b"HTTP/1.1 200 "):
        raise ValueError(f"not 200: {head!r}")
    try:
        await reader.readexactly(int(re.search(rb"(?i)content-length: (\d+)", head)[1]))
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise ValueError(f"a body broke off: {error!r}") from error
    tally.answers += 1
    return b"\r\nconnection: close\r\n" not in head.lower()


async def client(port, tally, kept):
    """Asks until the worker takes no more connections."""
    while True:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        except ConnectionError:
            return
        try:
            while await asked(reader, writer, "keep-alive" if kept else "close", tally):
                pass
        except ValueError as error:
            tally.broken.append(str(error))
        finally:
            writer.close()


async def viewer(port, tally):
    """Watches until the stream ends, which it must do as chunked streams end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    stream = await reader.read()
    writer.close()
    tally.answers += 1
    if not stream.startswith(b"HTTP/1.1 200 ") or not stream.endswith(b"\r\n0\r\n\r\n"):
        tally.broken.append(f"a stream broke off: {stream[-80:]!r}")


async def load(worker, tally):
    """All clients, and a stop in the middle. Exit code and last line of the worker."""
    viewers = [asyncio.ensure_future(viewer(worker.port, tally)) for _ in range(VIEWERS)]
    clients = [asyncio.ensure_future(client(worker.port, tally, number < KEPT)) for number in range(KEPT + NEW)]
    await asyncio.sleep(LOAD_SECONDS)
    ended = await asyncio.get_running_loop().run_in_executor(None, worker.stop)
    await asyncio.gather(*viewers, *clients)
    return ended


def main():
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    for number in range(1, STOPS + 1):
        tally = Tally()
        with bounded(STOP_SECONDS), exp.running(binary) as worker:
            code, summary = asyncio.run(load(worker, tally))
            log = worker.log()
        checks.equal(f"stop {number}: exit code, broken answers, log", (code, tally.broken, log), (0, [], ""))
        served = f"served {tally.answers} requests, {tally.answers - VIEWERS} configuration responses"
        checks.equal(f"stop {number}: final summary", summary.rsplit(",", 1)[0], served)
        print(f"       {tally.unanswered} requests met a connection that was being closed, and were not counted")
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
