"""Snapshots: immutable, detached, plain."""

from __future__ import annotations

import copy
import dataclasses
import os
import pickle
import socket
import time
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

import runtime_metrics
from runtime_metrics import (
    OVERFLOW_LABEL,
    Metrics,
    OverflowSnapshot,
    ProcessRuntimeSnapshot,
    RequestMetricsSnapshot,
    RuntimeSnapshot,
    ServedConfigMetricsSnapshot,
)

FIELDS = {
    ProcessRuntimeSnapshot: ["started_at", "uptime_seconds", "hostname", "process_id"],
    RequestMetricsSnapshot: ["total_requests", "requests_by_path"],
    ServedConfigMetricsSnapshot: [
        "responses_total",
        "values_total",
        "responses_by_endpoint",
        "responses_by_target",
        "responses_by_caller",
        "values_by_target",
        "values_by_caller",
        "values_by_name",
        "last_served_at",
    ],
}


def counted() -> Metrics:
    metrics = Metrics()
    metrics.record_request("/")
    metrics.record_config_delivery("E", "T", ["n", "m"], caller_label="C")
    metrics.record_config_delivery("E", "Empty", [], caller_label="None")
    return metrics


def parts() -> list[Any]:
    snapshot = counted().snapshot()
    return [snapshot, snapshot.process, snapshot.requests, snapshot.served_config, snapshot.request_overflow]


def test_the_seeds_snapshots_have_the_seeds_fields() -> None:
    for kind, fields in FIELDS.items():
        assert [field.name for field in dataclasses.fields(kind)] == fields


@pytest.mark.parametrize("part", parts(), ids=lambda part: type(part).__name__)
def test_a_snapshot_is_a_frozen_slotted_dataclass_that_can_be_copied_and_pickled(part: Any) -> None:
    first = dataclasses.fields(part)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(part, first, 0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(part, first)
    with pytest.raises((AttributeError, TypeError)):  # the latter up to CPython 3.11
        part.anything_else = 0
    assert not hasattr(part, "__dict__")
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(part, protocol)) == part
    assert copy.copy(part) == copy.deepcopy(part) == dataclasses.replace(part) == part
    assert part != dataclasses.replace(part, **{first: None})
    assert eval(repr(part)) == part
    assert repr(part).startswith(f"{type(part).__name__}({first}=")
    assert type(part).__match_args__ == tuple(field.name for field in dataclasses.fields(part))
    assert list(dataclasses.asdict(part)) == [field.name for field in dataclasses.fields(part)]


def test_maps_are_plain_dicts_of_their_own() -> None:
    metrics = counted()
    first, second = metrics.snapshot(), metrics.latest()
    maps = [value for value in dataclasses.asdict(first.served_config).values() if isinstance(value, dict)]
    assert len(maps) == 6
    assert type(first.requests.requests_by_path) is dict
    assert all(type(key) is str and type(count) is int for counts in maps for key, count in counts.items())
    first.requests.requests_by_path["/"] = 7
    first.served_config.values_by_name.clear()
    assert second.requests.requests_by_path == metrics.snapshot().requests.requests_by_path == {"/": 1}
    assert second.served_config.values_by_name == {"m": 1, "n": 1}


def test_nothing_recorded_later_shows() -> None:
    metrics = counted()
    before = metrics.snapshot()
    kept = copy.deepcopy(before)
    metrics.record_request("/")
    metrics.reset()
    assert before == kept


def test_a_response_without_values_shows_its_target_and_caller() -> None:
    served = counted().snapshot().served_config
    assert served.values_by_target == {"empty": 0, "t": 2}
    assert served.values_by_caller == {"c": 2, "none": 0}
    assert (served.responses_total, served.values_total) == (2, 2)


def test_who_and_when_are_this_process_and_this_window() -> None:
    before = datetime.now(timezone.utc)
    runtime_metrics.reset_metrics()
    after = datetime.now(timezone.utc)
    process = runtime_metrics.get_process_runtime_snapshot()
    assert (process.hostname, process.process_id) == (socket.gethostname(), os.getpid())
    assert process.started_at.endswith("+00:00")
    slack = timedelta(milliseconds=20)  # of the coarse clock
    assert before - slack <= datetime.fromisoformat(process.started_at) <= after + slack
    assert process.uptime_seconds == round(process.uptime_seconds, 3) >= 0
    deadline = time.monotonic() + 10
    while runtime_metrics.get_process_runtime_snapshot().uptime_seconds <= process.uptime_seconds:
        assert time.monotonic() < deadline
    snapshot = runtime_metrics.get_runtime_snapshot()
    assert snapshot.process.started_at == process.started_at
    assert datetime.fromisoformat(snapshot.process_started_at) <= datetime.fromisoformat(process.started_at)
    assert (uuid.UUID(snapshot.instance_id).version, snapshot.parent_instance_id) == (7, None)


def test_a_reset_moves_the_windows_start_and_never_the_process_s() -> None:
    first = runtime_metrics.get_runtime_snapshot()
    runtime_metrics.reset_metrics()
    second = runtime_metrics.get_runtime_snapshot()
    assert second.process.started_at > first.process.started_at
    assert second.process_started_at == first.process_started_at
    assert second.instance_id == first.instance_id
    assert second.sequence == first.sequence + 2


def test_a_reset_of_a_registry_gives_the_window_that_it_ended() -> None:
    metrics = counted()
    ended = metrics.reset()
    assert (ended.requests.total_requests, ended.served_config.responses_total) == (1, 2)
    fresh = metrics.latest()
    assert fresh.requests == RequestMetricsSnapshot(0, {})
    assert fresh.served_config == ServedConfigMetricsSnapshot(0, 0, {}, {}, {}, {}, {}, {}, None)


def test_a_snapshot_that_is_young_enough_is_given_again() -> None:
    metrics = counted()
    first = metrics.snapshot()
    assert metrics.snapshot_within(3600.0).sequence == first.sequence
    assert metrics.snapshot_within(0).sequence == first.sequence + 1
    for age in (-1.0, float("nan"), float("inf"), 1e300):
        with pytest.raises(ValueError, match="max_age is .{3,5}, but must be .*; choose one"):
            metrics.snapshot_within(age)


def test_what_is_over_a_limit_is_counted_and_told() -> None:
    metrics = Metrics(request_series_limit=1, max_label_bytes=4)
    for path in ("/a", "/b", "/long", ""):
        metrics.record_request(path)
    metrics.record_config_delivery("e", "t", ["long name"], caller_label="long caller")
    snapshot = metrics.snapshot()
    assert snapshot.requests == RequestMetricsSnapshot(4, {"/a": 1, OVERFLOW_LABEL: 3})
    assert snapshot.request_overflow == OverflowSnapshot(3, ("/b", "/long", ""))
    assert snapshot.served_config.values_by_name == {OVERFLOW_LABEL: 1}
    assert snapshot.served_config.responses_by_caller == {OVERFLOW_LABEL: 1}
    assert snapshot.delivery_overflow.records == 1


@pytest.mark.parametrize("name", ["request_series_limit", "delivery_series_limit", "max_label_bytes"])
@pytest.mark.parametrize("limit", [-(1 << 63), -1, 0, 2_000_001, 1 << 32, (1 << 63) - 1])
def test_a_limit_out_of_range_is_a_value_error_that_says_the_remedy(name: str, limit: Any) -> None:
    options: dict[str, Any] = {name: limit}
    with pytest.raises(ValueError, match=f"is {limit}.*must.*; choose one in"):
        Metrics(**options)


def test_handles_can_be_made_for_the_processs_registry() -> None:
    metrics = runtime_metrics.global_metrics()
    assert runtime_metrics.global_metrics() is metrics
    metrics.request_counter("/").record()
    metrics.delivery_plan("e", "t", ["n"]).record("c")
    runtime_metrics.record_request("/")
    snapshot = runtime_metrics.get_runtime_snapshot()
    assert (snapshot.requests.requests_by_path, snapshot.served_config.values_total) == ({"/": 2}, 1)
    assert metrics.reset().requests == snapshot.requests
    assert runtime_metrics.get_request_metrics_snapshot().total_requests == 0


def test_registries_are_apart_and_handles_say_what_they_count() -> None:
    one, other = Metrics(portable_fences=True), Metrics()
    counter = one.request_counter("/x")
    plan = one.delivery_plan("E", "T", ["a", "b"])
    counter.record()
    plan.record("c")
    plan.record(caller_label="c")
    one.reset()
    counter.record()
    assert one.snapshot().requests.total_requests == 1
    assert other.snapshot().requests.total_requests == 0
    assert (counter.path, plan.endpoint_name, plan.target, plan.config_names) == ("/x", "E", "T", ("a", "b"))
    assert repr(counter) == "RequestCounter(path='/x')"
    assert repr(plan) == "DeliveryPlan(endpoint_name='E', target='T', config_names=('a', 'b'))"
    assert isinstance(one.latest(), RuntimeSnapshot)
    with pytest.raises(TypeError):
        pickle.dumps(one)
