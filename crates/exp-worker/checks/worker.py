"""The release binary of the worker, on a free loopback port."""

import contextlib
import json
import os
import pathlib
import re
import resource
import socket
import subprocess
import tempfile
import threading

from deadline import stop

WORKSPACE = pathlib.Path(__file__).resolve().parents[3]
ANSWER_SECONDS = 10
START_SECONDS = 30
STOP_SECONDS = 20


def build(example=None):
    """Builds the worker as users do, or an example of it, and returns the path of the binary, wherever the target folder is."""
    command = ["cargo", "build", "--release", "-p", "exp-worker", "--message-format=json-render-diagnostics"]
    name = example or "exp-worker"
    command += ["--example", example] if example else ["--bins"]
    built = subprocess.run(command, cwd=WORKSPACE, stdout=subprocess.PIPE, text=True)
    if built.returncode != 0:
        raise SystemExit("the worker does not build")
    for message in map(json.loads, built.stdout.splitlines()):
        if message.get("executable") and message["target"]["name"] == name:
            return message["executable"]
    raise SystemExit(f"cargo built no binary of the name {name}")


class Worker:
    """One running worker. Every request that this class makes is counted in `asked`, by path."""

    def __init__(self, process, lines, log, port):
        self.port = port
        self.address = f"127.0.0.1:{port}"
        self.process_id = process.pid
        self.asked = {}
        self._process = process
        self._lines = lines
        self._log = log

    def get(self, target, headers=()):
        """Status and body of a GET, one connection a request. `target` and header values are bytes on the wire as they are."""
        target = target if isinstance(target, bytes) else target.encode()
        path = target.split(b"?")[0].decode()
        self.asked[path] = self.asked.get(path, 0) + 1
        head = b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        for name, value in headers:
            head += name.encode() + b": " + value.encode() + b"\r\n"
        with socket.create_connection(("127.0.0.1", self.port), ANSWER_SECONDS) as connection:
            connection.sendall(head + b"\r\n")
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        status = re.match(rb"HTTP/1\.1 (\d{3}) ", head)
        if not status:
            raise SystemExit(f"GET {target!r} was not answered with HTTP/1.1")
        length = re.search(rb"(?im)^content-length: *(\d+)", head)
        if length and int(length[1]) != len(body):
            raise SystemExit(f"GET {target!r} was answered with {len(body)} of {int(length[1])} bytes")
        return int(status[1]), body

    def stop(self):
        """Sends SIGTERM. The exit code (None if the worker had to be killed), and the last line it printed."""
        code = stop(self._process, STOP_SECONDS)
        self._lines.join()
        return code, (self._lines.seen[-1] if self._lines.seen else "")

    def kill(self):
        """Sends SIGKILL and waits."""
        self._process.kill()
        self._process.wait()

    def lines(self):
        """What it has printed so far, line by line."""
        return list(self._lines.seen)

    def open_files(self):
        """How many files it has open."""
        return len(os.listdir(f"/proc/{self.process_id}/fd"))

    def resident_bytes(self):
        """Its memory in use."""
        pages = pathlib.Path(f"/proc/{self.process_id}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def log(self):
        """What the worker wrote to standard error."""
        self._log.seek(0)
        return self._log.read()


class _Lines(threading.Thread):
    """Reads standard output to its end, so that the worker never waits for a reader."""

    def __init__(self, stream):
        super().__init__(daemon=True)
        self.seen = []
        self.address = None
        self.ready = threading.Event()
        self._stream = stream

    def run(self):
        for line in self._stream:
            self.seen.append(line.rstrip("\n"))
            found = re.search(r"listens on 127\.0\.0\.1:(\d+)", line)
            if found:
                self.address = int(found[1])
                self.ready.set()
        self.ready.set()


@contextlib.contextmanager
def running(binary, *arguments, port=0, variables=None, open_files=None):
    """A worker with its built-in sample, on a free port unless told, with these environment variables and at most so many open files; stopped at the end,
    come what may."""
    environment = {"PATH": "/usr/bin:/bin", "EXP_LOG": "warn", **(variables or {})}
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [binary, "--listen", f"127.0.0.1:{port}", *arguments],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True,
            preexec_fn=open_files and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (open_files, open_files))),
        )
        try:
            lines = _Lines(process.stdout)
            lines.start()
            lines.ready.wait(START_SECONDS)
            if lines.address is None:
                log.seek(0)
                raise SystemExit(f"the worker did not say where it listens\n{log.read()}")
            yield Worker(process, lines, log, lines.address)
        finally:
            stop(process, STOP_SECONDS)
