#!/usr/bin/env python3
"""Hostile clients by the hundred keep nobody out: a thousand connections of ten kinds, more than the worker has places for, while a good client scrapes.

Every scrape must be answered, all hostile connections must be closed by the worker, and it must have as many open files afterwards as before, and no more
memory after the second wave than after the first. What hostile clients asked for is counted exactly. Needs cargo.
"""

import asyncio
import contextlib
import resource
import statistics
import sys
import threading
import time

sys.dont_write_bytecode = True

from checks import Checks  # noqa: E402
from deadline import bounded, poll  # noqa: E402
from exposition import samples  # noqa: E402
import worker as exp  # noqa: E402

OF_EACH_KIND = 100
WAVES = 2
BUILD_SECONDS = 1_200
WAVE_SECONDS = 90
DRIP_SECONDS = 0.5
SCRAPE_PAUSE_SECONDS = 0.25
PROMISED_SECONDS = 1
PATIENCE_SECONDS = 20
# Memory that the allocator may keep or not, from one wave to the next.
SLACK_BYTES = 8 << 20
CHUNK = b"x" * 65_536


def head(kind, *lines):
    """The head of a request that this kind makes."""
    return "\r\n".join([f"GET /{kind} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""]).encode()


async def silent(_kind, reader, _writer):
    await reader.read()


async def idle(kind, reader, writer):
    writer.write(head(kind))
    await reader.read()


async def half_head(kind, reader, writer):
    writer.write(head(kind)[:-7])
    await reader.read()


async def half_closed(_kind, reader, writer):
    writer.write_eof()
    await reader.read()


async def dripping_head(kind, reader, writer):
    await drip(head(kind)[:-2], reader, writer)


async def half_body(kind, reader, writer):
    writer.write(head(kind, "Content-Length: 10") + b"abc")
    await reader.read()


async def dripping_body(kind, reader, writer):
    writer.write(head(kind, "Content-Length: 10000"))
    await drip(b"x" * 10_000, reader, writer)


async def deaf(_kind, _reader, writer):
    """Asks and asks, and reads nothing."""
    while True:
        writer.write(head("api/health") * 100)
        await writer.drain()


async def big_head(kind, reader, writer):
    writer.write(head(kind)[:-2] + b"X: ")
    await pour(writer)
    await reader.read()


async def big_body(kind, reader, writer):
    writer.write(head(kind, "Content-Length: 100000000"))
    await pour(writer)
    await reader.read()


async def drip(data, reader, writer):
    end = asyncio.ensure_future(reader.read())
    for byte in data:
        if end.done():
            break
        writer.write(bytes([byte]))
        await asyncio.wait([end], timeout=DRIP_SECONDS)
    await end


async def pour(writer):
    for _ in range(64):
        writer.write(CHUNK)
        await writer.drain()


# Each kind, and how many of its requests are counted; None where that depends on how much it could send.
KINDS = {silent: 0, idle: 1, half_head: 0, half_closed: 0, dripping_head: 0, half_body: 1, dripping_body: 1, deaf: None, big_head: 0, big_body: 1}


async def attack(port, kind):
    """One client, until the worker has closed its connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        with contextlib.suppress(ConnectionError):
            await kind(kind.__name__, reader, writer)
    finally:
        writer.transport.abort()


async def wave(port):
    """All clients at once. How many were closed by the worker."""
    clients = [asyncio.ensure_future(attack(port, kind)) for kind in KINDS for _ in range(OF_EACH_KIND)]
    done, _ = await asyncio.wait(clients, timeout=WAVE_SECONDS)
    for client in clients:
        client.cancel()
    ended = await asyncio.gather(*clients, return_exceptions=True)
    broken = [repr(outcome) for client, outcome in zip(clients, ended) if client in done and outcome is not None]
    if broken:
        raise SystemExit(f"{len(broken)} hostile clients failed by themselves, such as {broken[0]}")
    return len(done)


class Scraper(threading.Thread):
    """A good client: one connection a scrape."""

    def __init__(self, worker):
        super().__init__(daemon=True)
        self.seconds = []
        self.refused = []
        self.stopped = threading.Event()
        self._worker = worker

    def run(self):
        while not self.stopped.wait(SCRAPE_PAUSE_SECONDS):
            begun = time.monotonic()
            try:
                status, _ = self._worker.get("/metrics")
            except (OSError, SystemExit) as error:
                self.refused.append(str(error))
            else:
                self.seconds.append(time.monotonic() - begun)
                if status != 200:
                    self.refused.append(f"status {status}")


def main():
    checks = Checks()
    # Each client is an open file of this script.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    clients = OF_EACH_KIND * len(KINDS)
    with bounded(WAVES * (WAVE_SECONDS + PATIENCE_SECONDS) + 60), exp.running(binary) as worker:
        files, memory = worker.open_files(), []
        for number in range(1, WAVES + 1):
            scraper = Scraper(worker)
            scraper.start()
            begun = time.monotonic()
            closed = asyncio.run(wave(worker.port))
            seconds = time.monotonic() - begun
            scraper.stopped.set()
            scraper.join()
            checks.equal(f"wave {number}: connections closed by the worker", closed, clients)
            checks.equal(f"wave {number}: scrapes that were not answered", scraper.refused, [])
            middle = statistics.median(scraper.seconds)
            checks.equal(f"wave {number}: scrapes are answered within {PROMISED_SECONDS} s", middle <= PROMISED_SECONDS, True)
            print(f"       {len(scraper.seconds)} scrapes took {middle * 1e3:.0f} ms in the middle, {max(scraper.seconds) * 1e3:.0f} ms at most; "
                  f"the last of {clients} clients was closed after {seconds:.1f} s")
            poll(lambda: worker.open_files() <= files, PATIENCE_SECONDS)
            checks.equal(f"wave {number}: open files", worker.open_files(), files)
            memory.append(worker.resident_bytes())
        checks.equal("memory grows from one wave to the next", memory[-1] > memory[0] + SLACK_BYTES, False)
        print(f"       resident after each wave: {', '.join(f'{size / 2**20:.1f} MiB' for size in memory)}")

        found = samples(worker.get("/metrics")[1].decode(), "exp_http_requests_total")
        for kind, counted in KINDS.items():
            if counted is not None:
                checks.equal(f"requests of {kind.__name__}", found.get((("url_path", f"/{kind.__name__}"),), 0), counted * OF_EACH_KIND * WAVES)
        checks.equal("requests of the good client", found[(("url_path", "/metrics"),)], worker.asked["/metrics"])
        code, _ = worker.stop()
        checks.equal("exit code after SIGTERM", code, 0)
        warnings = worker.log().splitlines()
        checks.equal("warnings in the log, but for the one of taken places", [line for line in warnings if "every place is taken" not in line], [])
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
