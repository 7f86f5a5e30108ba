"""Real servers, driven by ``ab``: what each worker counts is what it has answered."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import parser
from prometheus_client.openmetrics import parser as openmetrics_parser

import runtime_metrics

REQUESTS = 2_000
DEADLINE = 60.0


@contextmanager
def serving(*command: str) -> Iterator[str]:
    """The address of a server that is started for a test; the command has ``PORT`` in place of its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = [sys.executable, "-m", *(word.replace("PORT", str(port)) for word in command)]
    server = subprocess.Popen(words, cwd=Path(__file__).parent, start_new_session=True)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, server)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + DEADLINE
    while True:
        try:
            urllib.request.urlopen(f"{address}/counts", timeout=5).close()
            return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert server.poll() is None and time.monotonic() < ends, "the server did not start"
            time.sleep(0.05)


def drive(address: str) -> None:
    command = ["ab", "-q", "-n", str(REQUESTS), "-c", "8", f"{address}/hello"]
    told = subprocess.run(command, capture_output=True, text=True, timeout=DEADLINE, check=True).stdout
    assert re.search(rf"^Complete requests: +{REQUESTS}$", told, re.M), told
    assert re.search(r"^Failed requests: +0$", told, re.M), told
    assert "Non-2xx" not in told, told


def counts_of(address: str, workers: int) -> list[dict[str, Any]]:
    """What each of the workers has counted, asked until all have answered."""
    counts: dict[int, dict[str, Any]] = {}
    ends = time.monotonic() + DEADLINE

    def ask() -> None:
        while len(counts) < workers and time.monotonic() < ends:
            with urllib.request.urlopen(f"{address}/counts", timeout=DEADLINE) as answer:
                told = json.load(answer)
            counts[told["process_id"]] = told

    threads = [threading.Thread(target=ask) for _ in range(2 * workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == workers
    return list(counts.values())


def check(workers: list[dict[str, Any]]) -> None:
    for worker in workers:
        hello = worker["answered"].get("/hello", 0)
        assert worker["requests_by_path"].get("/hello", 0) == hello
        assert worker["values_by_name"] == ({"a": hello, "b": hello} if hello else {})
    assert sum(worker["answered"].get("/hello", 0) for worker in workers) == REQUESTS
    assert len({worker["instance_id"] for worker in workers}) == len(workers)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fastapi_service_under_uvicorn_counts_exactly_in_each_worker(workers: int) -> None:
    options = ("--port", "PORT", "--workers", str(workers), "--log-level", "warning")
    with serving("uvicorn", "service:app", *options) as address:
        drive(address)
        told = counts_of(address, workers)
    check(told)
    assert all(worker["requests_by_path"]["/import"] == 1 for worker in told)


@pytest.mark.parametrize("kind", ["sync", "gthread"])
def test_workers_that_gunicorn_forks_after_the_import_count_from_zero(kind: str) -> None:
    options = ("--bind", "127.0.0.1:PORT", "--workers", "2", "--worker-class", kind, "--threads", "2")
    with serving("gunicorn", "service:application", "--preload", "--log-level", "warning", *options) as address:
        drive(address)
        told = counts_of(address, 2)
    check(told)
    assert [worker["requests_by_path"].get("/import") for worker in told] == [None, None]
    assert told[0]["parent_instance_id"] == told[1]["parent_instance_id"] is not None


def test_prometheus_client_reads_the_metrics_of_a_service() -> None:
    with serving("uvicorn", "service:app", "--port", "PORT", "--log-level", "warning") as address:
        drive(address)
        for accept, content_type, parse in [
            ("text/plain", runtime_metrics.PROMETHEUS_CONTENT_TYPE, parser.text_string_to_metric_families),
            (
                "application/openmetrics-text;version=1.0.0",
                runtime_metrics.OPENMETRICS_CONTENT_TYPE,
                openmetrics_parser.text_string_to_metric_families,
            ),
        ]:
            request = urllib.request.Request(f"{address}/metrics", headers={"accept": accept})
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
                assert answer.headers["content-type"] == content_type
                page = answer.read().decode()
            samples = {
                (sample.name, *sorted(sample.labels.items())): sample.value
                for family in parse(page)
                for sample in family.samples
            }
            assert samples["runtime_http_requests_total", ("url_path", "/hello")] == REQUESTS
            delivery = ("caller", "ab"), ("config_endpoint", "hello"), ("config_target", "api")
            deliveries = ("runtime_config_deliveries_total", *delivery)
            assert samples[deliveries] == REQUESTS
