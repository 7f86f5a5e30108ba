"""Threads: exact sums, a GIL that is let go, and an interpreter that ends while they record."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator

import pytest

import runtime_metrics
from runtime_metrics import Exposition, Metrics


def test_what_threads_record_beside_cuts_and_resets_is_in_exactly_one_window() -> None:
    threads, records = 8, 5_000
    metrics = Metrics()
    plan = metrics.delivery_plan("e", "t", ["a", "b", "c"])
    start = threading.Barrier(threads + 1)

    def record(thread: int) -> None:
        start.wait()
        for number in range(records):
            metrics.record_request(f"/{thread}/{number % 20}")
            metrics.record_config_delivery("E", "T", ["a", "b"], caller_label=f"C{number % 5}")
            plan.record("c0")

    workers = [threading.Thread(target=record, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    windows = []
    while any(worker.is_alive() for worker in workers):
        before = metrics.snapshot()
        windows.append(metrics.reset())
        for window in (before, windows[-1]):
            served = window.served_config
            assert window.requests.total_requests == sum(window.requests.requests_by_path.values())
            assert served.responses_total == sum(served.responses_by_caller.values())
            assert served.values_total == sum(served.values_by_name.values())
        assert before.requests.total_requests <= windows[-1].requests.total_requests
    windows.append(metrics.reset())
    assert sum(window.requests.total_requests for window in windows) == threads * records
    assert sum(window.served_config.responses_total for window in windows) == 2 * threads * records
    assert sum(window.served_config.values_total for window in windows) == 5 * threads * records


@pytest.fixture
def no_switches() -> Iterator[None]:
    """Threads take turns only where the one that runs lets go of the GIL."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)
    yield
    sys.setswitchinterval(interval)


def lets_others_run(call: Callable[[], object], calls: int) -> bool:
    gate, has_run = threading.Lock(), threading.Event()
    gate.acquire()

    def wait() -> None:
        with gate:
            has_run.set()

    thread = threading.Thread(target=wait)
    thread.start()
    gate.release()
    deadline = time.monotonic() + 10
    for _ in range(calls):
        call()
        if has_run.is_set() or time.monotonic() > deadline:
            break
    result = has_run.is_set()
    thread.join()
    return result


@pytest.mark.usefixtures("no_switches")
def test_the_gil_is_let_go_while_a_cut_is_taken_or_a_page_is_made_and_held_through_a_record() -> None:
    metrics, exposition = Metrics(), Exposition()
    for number in range(5_000):
        metrics.record_request(f"/{number}")
        runtime_metrics.record_request(f"/{number}")
    for call in (
        metrics.snapshot,
        lambda: metrics.snapshot_within(0),
        lambda: exposition.render_prometheus(metrics),
        lambda: exposition.render_openmetrics(metrics),
        lambda: exposition.render("", metrics),
        lambda: exposition.render_otlp_json(metrics),
        metrics.reset,
        runtime_metrics.get_runtime_snapshot,
        runtime_metrics.get_request_metrics_snapshot,
        runtime_metrics.get_served_config_metrics_snapshot,
        runtime_metrics.render_prometheus,
        runtime_metrics.render_openmetrics,
        runtime_metrics.reset_metrics,
    ):
        assert lets_others_run(call, 1_000_000), call
    assert not lets_others_run(lambda: metrics.record_request("/"), 10_000)


def peak(call: Callable[[], object]) -> int:
    """Bytes that Python takes at most at once while a call runs that has run before."""
    tracemalloc.start()
    try:
        call()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        call()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_a_record_makes_no_object_in_python() -> None:
    metrics = Metrics()
    record, deliver = metrics.record_request, metrics.record_config_delivery
    counter, plan = metrics.request_counter("/handle").record, metrics.delivery_plan("e", "t", ["n"]).record
    names, tuple_of_names = ["a", "b", "é"], ("a", "b", "é")

    def record_all() -> None:
        record("/")
        record("/é")
        deliver("E", "t", names, caller_label="Ç")
        deliver("e", "t", tuple_of_names, caller_label="ç")
        counter()
        plan("Ç")

    def nothing() -> None:
        pass

    record_all()  # meets the labels
    assert peak(record_all) == peak(nothing) < peak(lambda: bytes(10))
    assert metrics.snapshot().served_config.responses_total == 3 * 3


ENDING = """
import threading, time
import runtime_metrics as metrics

recording = threading.Event()

def work(place):
    number = 0
    while True:
        number += 1
        metrics.record_request(f"/{place}/{number % 100}")
        metrics.record_config_delivery("E", "É", ["n"] * (number % 40), caller_label=f"Ç{number % 50}")
        if place % 2:
            metrics.get_runtime_snapshot()
            metrics.render_openmetrics()
        if number > 20:
            recording.set()

class RecordsWhenGone:
    def __del__(self):
        metrics.record_request("/gone")
        metrics.get_runtime_snapshot()

kept = RecordsWhenGone()
for place in range(6):
    threading.Thread(target=work, args=(place,), daemon=True).start()
assert recording.wait(30)
"""


def test_an_interpreter_ends_well_while_threads_record_and_take_cuts() -> None:
    for _ in range(20):
        ended = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, timeout=60, check=False)
        assert (ended.returncode, ended.stderr) == (0, "")


SECOND = """
import runtime_metrics
try:
    import _interpreters as interpreters
except ImportError:
    import _xxsubinterpreters as interpreters

runtime_metrics.record_request("/first")
second = interpreters.create()
interpreters.run_string(second, '''
try:
    import runtime_metrics
except ImportError as error:
    print(error, flush=True)
''')
interpreters.destroy(second)
print(runtime_metrics.get_request_metrics_snapshot().requests_by_path)
"""


def test_a_second_interpreter_is_refused_and_the_first_counts_on() -> None:
    ended = subprocess.run([sys.executable, "-c", SECOND], capture_output=True, text=True, timeout=60, check=True)
    refused, counts = ended.stdout.splitlines()
    assert "support" in refused and "subinterpreters" in refused
    assert counts == "{'/first': 1}"
