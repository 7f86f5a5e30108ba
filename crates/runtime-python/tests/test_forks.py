"""Each process life counts from zero, under an identity of its own, whatever its parent's threads were doing."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from lives import forked, live, send_life

import runtime_metrics
from runtime_metrics import Metrics

# A fork beside threads is what is tested here; CPython 3.12 and later warn of it.
pytestmark = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")

RECORDS = 40


@contextmanager
def busy_threads() -> Iterator[list[int]]:
    """Threads that record, meet new series, take cuts and render pages, and how many requests each has recorded."""
    stop = threading.Event()
    recorded = [0, 0]

    def record() -> None:
        while not stop.is_set():
            runtime_metrics.record_request("/parent")
            recorded[0] += 1

    def meet() -> None:
        for number in count():
            if stop.is_set():
                return
            runtime_metrics.record_request(f"/parent/{number % 5000}")
            runtime_metrics.record_config_delivery("É", f"T{number % 50}", ["n"], caller_label=f"Ç{number % 50}")
            recorded[1] += 1

    def take() -> None:
        while not stop.is_set():
            runtime_metrics.get_runtime_snapshot()
            runtime_metrics.render_openmetrics()

    threads = [threading.Thread(target=work) for work in (record, meet, take, take)]
    for thread in threads:
        thread.start()
    try:
        yield recorded
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def check(child: dict[str, Any], parent_instance_id: str | None) -> None:
    assert child["process_id"] == child["pid"]
    assert child["parent_instance_id"] == parent_instance_id
    assert child["began_with"] == 0
    assert child["requests"] == child["paths"] == RECORDS
    assert child["values"] == 2 * RECORDS
    assert child["shown"] == [RECORDS, RECORDS]
    assert [[tuple(found) for found in page] for page in child["identities"]] == 2 * [[(child["instance_id"], str(child["pid"]))]]


def test_300_children_forked_beside_busy_threads_count_from_zero_and_the_parent_loses_nothing() -> None:
    parent = runtime_metrics.get_runtime_snapshot()
    with busy_threads() as recorded:
        children = [forked(lambda: live(RECORDS)) for _ in range(300)]
    for child in children:
        check(child, parent.instance_id)
        assert child["began_at"] > parent.process.started_at
    assert len({child["instance_id"] for child in children} | {parent.instance_id}) == 301
    after = runtime_metrics.get_runtime_snapshot()
    assert after.instance_id == parent.instance_id
    assert after.requests.total_requests == sum(recorded)
    assert after.served_config.responses_total == recorded[1]


def test_a_grandchild_names_its_parent_and_counts_from_zero() -> None:
    def child() -> dict[str, Any]:
        own = live(RECORDS)
        return {"own": own, "child": forked(lambda: {"own": live(RECORDS), "child": forked(lambda: live(RECORDS))})}

    runtime_metrics.record_request("/")
    with busy_threads():
        families = [forked(child) for _ in range(10)]
    first = runtime_metrics.get_runtime_snapshot().instance_id
    for family in families:
        check(family["own"], first)
        check(family["child"]["own"], family["own"]["instance_id"])
        check(family["child"]["child"], family["child"]["own"]["instance_id"])


def test_registries_and_handles_made_before_a_fork_count_from_zero_in_the_child() -> None:
    metrics = Metrics()
    counter, plan = metrics.request_counter("/"), metrics.delivery_plan("e", "t", ["n"])

    def record() -> dict[str, Any]:
        counter.record()
        plan.record("c")
        metrics.record_request("/child")
        snapshot = metrics.snapshot()
        ended = metrics.reset()
        counter.record()
        return {
            "paths": snapshot.requests.requests_by_path,
            "names": snapshot.served_config.values_by_name,
            "is_same": ended.requests == snapshot.requests,
            "after": metrics.snapshot().requests.total_requests,
        }

    for expected in range(1, 4):
        counter.record()
        plan.record("c")
        child = forked(record)
        assert child == {"paths": {"/": 1, "/child": 1}, "names": {"n": 1}, "is_same": True, "after": 1}
        assert metrics.snapshot().requests.requests_by_path == {"/": expected}


def test_hooks_of_a_fork_count_on_the_side_on_which_they_run() -> None:
    hooked = True

    def record(path: str) -> None:
        if hooked:
            runtime_metrics.record_request(path)
            runtime_metrics.get_runtime_snapshot()

    os.register_at_fork(
        before=lambda: record("/before"), after_in_parent=lambda: record("/parent"), after_in_child=lambda: record("/child")
    )
    try:
        assert forked(lambda: runtime_metrics.get_request_metrics_snapshot().requests_by_path) == {"/child": 1}
    finally:
        hooked = False
    assert runtime_metrics.get_request_metrics_snapshot().requests_by_path == {"/before": 1, "/parent": 1}


def test_a_subprocess_is_none_of_the_counters_business() -> None:
    def record() -> None:
        runtime_metrics.record_request("/child")
        os.write(1, repr(runtime_metrics.get_request_metrics_snapshot().requests_by_path).encode())

    runtime_metrics.record_request("/parent")
    with busy_threads() as recorded:
        for before_exec, told in [(record, b"{'/child': 1}"), (None, b"")]:  # the latter by vfork
            command = [sys.executable, "-S", "-c", ""]
            assert subprocess.run(command, preexec_fn=before_exec, stdout=subprocess.PIPE, timeout=60, check=True).stdout == told
    assert runtime_metrics.get_request_metrics_snapshot().total_requests == 1 + sum(recorded)


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_each_worker_of_multiprocessing_has_an_identity_and_counters_of_its_own(method: str) -> None:
    context = multiprocessing.get_context(method)
    parent = runtime_metrics.get_runtime_snapshot()
    with busy_threads():
        lives = []
        for _ in range(4):
            receiver, sender = context.Pipe(duplex=False)
            worker: Any = context.Process(target=send_life, args=(RECORDS, sender))  # type: ignore[attr-defined]
            worker.start()
            sender.close()
            assert receiver.poll(60), "the worker hangs"
            lives.append(receiver.recv())
            worker.join(60)
            assert worker.exitcode == 0
    for worker_life in lives:
        # A fork server has not imported the package before it forks, unless told to.
        check(worker_life, parent.instance_id if method == "fork" else None)
    assert len({worker_life["instance_id"] for worker_life in lives} | {parent.instance_id}) == 5


def test_the_workers_of_a_pool_count_apart() -> None:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        lives = [result.get(60) for result in [pool.apply_async(live, (RECORDS,)) for _ in range(6)]]
    by_worker: dict[str, list[int]] = {}
    for worker in lives:
        by_worker.setdefault(worker["instance_id"], []).append(worker["requests"])
    for totals in by_worker.values():
        assert sorted(totals) == [RECORDS * (place + 1) for place in range(len(totals))]
