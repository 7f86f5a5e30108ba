"""Races this package against the seed's way in pure Python and against ``prometheus_client``, in one run on one machine.

Contestants take turns, round by round, so that whatever else the machine does meets all alike; of the rounds the median counts. What is shown
are nanoseconds for each call, the loop around it included.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter

import runtime_metrics

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from lives import forked, live
from model import Model

PATH = "/api/v1/run-time"
NAMES = [f"Section:Sub:Key{number}" for number in range(20)]

OURS, SEED, PROMETHEUS = "runtime_metrics", "RLock and Counters", "prometheus_client"

# How many times faster than each rival we want to be.
GOALS = {"a request": {SEED: 5, PROMETHEUS: 15}, "a delivery of 20 names": {SEED: 8, PROMETHEUS: 60}}

Loop = Callable[[int], None]


def requests() -> dict[str, Loop]:
    record, seed = runtime_metrics.record_request, Model().record_request
    counter = Counter("requests", "Requests.", ["path"], registry=CollectorRegistry())
    handle = runtime_metrics.Metrics().request_counter(PATH).record

    def ours(calls: int) -> None:
        for _ in repeat(None, calls):
            record(PATH)

    def prepared(calls: int) -> None:
        for _ in repeat(None, calls):
            handle()

    def in_python(calls: int) -> None:
        for _ in repeat(None, calls):
            seed(PATH)

    def prometheus(calls: int) -> None:
        for _ in repeat(None, calls):
            counter.labels(PATH).inc()

    return {OURS: ours, f"{OURS}, prepared": prepared, SEED: in_python, PROMETHEUS: prometheus}


def deliveries() -> dict[str, Loop]:
    record, seed = runtime_metrics.record_config_delivery, Model().record_config_delivery
    registry = CollectorRegistry()
    joint = ["endpoint", "target", "caller"]
    responses = Counter("responses", "Responses.", joint, registry=registry)
    values = Counter("values", "Values.", [*joint, "name"], registry=registry)
    plan = runtime_metrics.Metrics().delivery_plan("run-time", "api", NAMES).record

    def ours(calls: int) -> None:
        for _ in repeat(None, calls):
            record("run-time", "api", NAMES, caller_label="local:api")

    def prepared(calls: int) -> None:
        for _ in repeat(None, calls):
            plan("local:api")

    def in_python(calls: int) -> None:
        for _ in repeat(None, calls):
            seed("run-time", "api", NAMES, caller_label="local:api")

    def prometheus(calls: int) -> None:
        for _ in repeat(None, calls):
            responses.labels("run-time", "api", "local:api").inc()
            for name in NAMES:
                values.labels("run-time", "api", "local:api", name).inc()

    return {OURS: ours, f"{OURS}, prepared": prepared, SEED: in_python, PROMETHEUS: prometheus}


def nanoseconds(loop: Loop, calls: int, threads: int) -> float:
    """For each call, of so many threads' calls together."""
    if threads == 1:
        begin = time.perf_counter_ns()
        loop(calls)
        return (time.perf_counter_ns() - begin) / calls
    start = threading.Barrier(threads + 1)

    def run() -> None:
        start.wait()
        loop(calls)

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    start.wait()
    begin = time.perf_counter_ns()
    for worker in workers:
        worker.join()
    return (time.perf_counter_ns() - begin) / (calls * threads)


def race(what: str, loops: dict[str, Loop], threads: int, rounds: int) -> bool:
    """Prints how all fared. False if a goal was missed."""
    calls = {}
    for name, loop in loops.items():
        loop(100)
        # About 10 ms a round.
        calls[name] = max(100, int(1e7 / nanoseconds(loop, 200, 1) / threads))
    taken: dict[str, list[float]] = {name: [] for name in loops}
    for _ in range(rounds):
        for name, loop in loops.items():
            taken[name].append(nanoseconds(loop, calls[name], threads))
    medians = {name: statistics.median(times) for name, times in taken.items()}
    reached = True
    on = "one thread" if threads == 1 else f"{threads} threads contending"
    for name, median in medians.items():
        factor = median / medians[OURS]
        goal = GOALS[what].get(name)
        verdict = "" if goal is None else f"{goal}, {'reached' if factor >= goal else 'missed'}"
        reached = reached and (goal is None or factor >= goal)
        print(f"| {what} | {on} | {name} | {median:,.0f} | {min(taken[name]):,.0f} | {factor:.1f} | {verdict} |", flush=True)
    return reached


def forks(children: int) -> None:
    """Prints how long children take, from the fork until they have told what they counted, beside threads that record and take cuts.

    Children that count nothing show what of it is the fork's. What the parent does after that is none of a child's: its threads hold the GIL.
    """
    stop = threading.Event()

    def record() -> None:
        while not stop.is_set():
            runtime_metrics.record_request(PATH)

    def take() -> None:
        while not stop.is_set():
            runtime_metrics.get_runtime_snapshot()

    threads = [threading.Thread(target=work) for work in (record, take)]
    for thread in threads:
        thread.start()
    # The clock is the machine's, so a child's times and the parent's compare.
    lives: dict[str, Callable[[], dict[str, Any]]] = {
        "that counted": lambda: {**live(10), "ended": time.monotonic()},
        "that did nothing": lambda: {"ended": time.monotonic()},
    }
    taken: dict[str, list[float]] = {what: [] for what in lives}
    for _ in range(children):
        for what, told in lives.items():
            begin = time.monotonic()
            taken[what].append((forked(told)["ended"] - begin) * 1e3)
    stop.set()
    for thread in threads:
        thread.join()
    print(f"\n{children} children of either kind, forked by turns beside two busy threads:")
    for what, times in taken.items():
        print(f"those {what}: median {statistics.median(times):.1f} ms, at most {max(times):.1f} ms")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=25)
    options.add_argument("--children", type=int, default=300)
    options.add_argument("--strict", action="store_true", help="fail if a goal is missed")
    given = options.parse_args()
    print(f"{date.today()}, {platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} CPUs, {platform.machine()}\n")
    print("| what | on | by | ns a call, median | least | times ours | goal |\n|---|---|---|--:|--:|--:|---|")
    reached = True
    for threads in (1, 8):
        for what, loops in (("a request", requests), ("a delivery of 20 names", deliveries)):
            reached = race(what, loops(), threads, given.rounds) and reached
    forks(given.children)
    return 0 if reached or not given.strict else 1


if __name__ == "__main__":
    sys.exit(main())
