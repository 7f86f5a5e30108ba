"""Random histories, through the package and through the model, are told alike by every field of every snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model import Model

import runtime_metrics
from runtime_metrics import Metrics, OverflowSnapshot, RuntimeSnapshot

# A few labels that meet often, in several forms, and any text at all, lone surrogates included.
edges = st.sampled_from(["", " ", "\t", "\x1c", "\x85", "\u3000", "\u200b", "\x00"])
cores = st.sampled_from(["api", "API", "Straße", "ΟΔΟΣ", "ΑΣ.Β", "İstanbul", "\u1c89", "\ua7cb", "\ud800", "e\u0301", "a\x00b"])
labels = st.one_of(st.tuples(edges, cores, edges).map("".join), st.text(st.characters(), max_size=12))
names = st.one_of(
    st.lists(labels, max_size=40),
    st.lists(labels, max_size=4).map(tuple),
    st.lists(labels, max_size=4).map(dict.fromkeys),
    st.frozensets(labels, max_size=4),
    labels,
)
requests = st.tuples(st.just("request"), labels)
deliveries = st.tuples(st.just("delivery"), labels, labels, names, labels)
events = st.one_of(requests, deliveries, st.just(("snapshot",)), st.just(("reset",)))
histories = st.lists(events, max_size=40)


def play(event: tuple[object, ...], registry: object) -> None:
    match event:
        case ("request", path):
            registry.record_request(path)  # type: ignore[attr-defined]
        case ("delivery", endpoint, target, config_names, caller):
            registry.record_config_delivery(endpoint, target, config_names, caller_label=caller)  # type: ignore[attr-defined]


def check(snapshot: RuntimeSnapshot, model: Model) -> None:
    assert asdict(snapshot.requests) == model.requests()
    served = asdict(snapshot.served_config)
    last_served_at = served.pop("last_served_at")
    assert served == model.served_config()
    for counts in (snapshot.requests.requests_by_path, snapshot.served_config.values_by_name):
        assert list(counts) == sorted(counts)
    assert (last_served_at is None) == (model.last_served_at is None)
    instants = (snapshot.process_started_at, snapshot.process.started_at, last_served_at or snapshot.taken_at, snapshot.taken_at)
    assert list(instants) == sorted(instants, key=datetime.fromisoformat)
    assert snapshot.request_overflow == snapshot.delivery_overflow == OverflowSnapshot(0, ())


@given(histories)
@settings(deadline=None)
def test_a_registry_tells_of_any_history_what_the_model_tells(history: list[tuple[object, ...]]) -> None:
    metrics, model = Metrics(), Model()
    for event in [*history, ("snapshot",), ("reset",), ("snapshot",)]:
        play(event, metrics)
        play(event, model)
        if event == ("snapshot",):
            check(metrics.snapshot(), model)
        elif event == ("reset",):
            check(metrics.reset(), model)
            model.reset_metrics()


@given(histories)
@settings(deadline=None)
def test_the_functions_tell_of_any_history_what_the_model_tells(history: list[tuple[object, ...]]) -> None:
    runtime_metrics.reset_metrics()
    model = Model()
    for event in [*history, ("snapshot",)]:
        play(event, runtime_metrics)
        play(event, model)
        if event == ("snapshot",):
            check(runtime_metrics.get_runtime_snapshot(), model)
            assert asdict(runtime_metrics.get_request_metrics_snapshot()) == model.requests()
            served = asdict(runtime_metrics.get_served_config_metrics_snapshot())
            del served["last_served_at"]
            assert served == model.served_config()
        elif event == ("reset",):
            runtime_metrics.reset_metrics()
            model.reset_metrics()


@given(st.lists(st.tuples(labels, labels, names, st.lists(labels, max_size=4)), max_size=8))
@settings(deadline=None)
def test_handles_count_what_the_functions_count(documents: list[tuple[str, str, list[str], list[str]]]) -> None:
    metrics, model = Metrics(), Model()
    for endpoint, target, config_names, callers in documents:
        counter = metrics.request_counter(endpoint)
        plan = metrics.delivery_plan(endpoint, target, config_names)
        for caller in callers:
            counter.record()
            model.record_request(endpoint)
            plan.record(caller)
            model.record_config_delivery(endpoint, target, config_names, caller_label=caller)
    check(metrics.snapshot(), model)


def code_points() -> Iterator[list[str]]:
    """All but the surrogates, in portions that are far below the series limits."""
    for first in range(0, 0x110000, 0x1000):
        if first != 0xD000:
            yield [chr(point) for point in range(first, first + 0x1000)]
    yield [chr(point) for point in range(0xD000, 0xD800)]


@pytest.mark.parametrize(
    "forms",
    [("{}a", "{}", "a{}"), ("a\u03a3{}", "a\u03a3{}b", "a{}\u03a3")],
    ids=["at an edge", "beside a sigma, whose lower case depends on what stands around it"],
)
def test_every_code_point_is_stripped_and_lower_cased_as_python_does(forms: tuple[str, str, str]) -> None:
    wrong = []
    for points in code_points():
        metrics = Metrics()
        endpoints, targets, callers = ([form.format(point) for point in points] for form in forms)
        for endpoint, target, caller in zip(endpoints, targets, callers):
            metrics.record_config_delivery(endpoint, target, (), caller_label=caller)
        served = metrics.snapshot().served_config
        for given, counts in [
            (endpoints, served.responses_by_endpoint),
            (targets, served.responses_by_target),
            (callers, served.responses_by_caller),
        ]:
            wrong += sorted({label.strip().lower() for label in given} ^ counts.keys())
    assert wrong == []


def test_every_code_point_is_counted_as_given_in_paths_and_names() -> None:
    for points in code_points():
        metrics = Metrics()
        for point in points:
            metrics.record_request(f" {point} ")
        metrics.record_config_delivery("e", "t", "".join(points), caller_label="c")
        snapshot = metrics.reset()
        assert snapshot.requests.requests_by_path == {f" {point} ": 1 for point in points}
        assert snapshot.served_config.values_by_name == dict.fromkeys(points, 1)


def test_every_lone_surrogate_is_counted_as_one_replacement_character() -> None:
    metrics = Metrics()
    surrogates = [chr(point) for point in range(0xD800, 0xE000)]
    for surrogate in surrogates:
        metrics.record_request(f"/{surrogate}x")
        metrics.record_config_delivery(f" A{surrogate}", surrogate, [surrogate, "n"], caller_label=surrogate)
    metrics.record_config_delivery("pair", "\ud83d\ude00", ("\ud83d\ude00",), caller_label="\U0001f600")
    snapshot = metrics.snapshot()
    served = snapshot.served_config
    assert snapshot.requests.requests_by_path == {"/\ufffdx": len(surrogates)}
    assert served.responses_by_endpoint == {"a\ufffd": len(surrogates), "pair": 1}
    assert served.responses_by_target == {"\ufffd": len(surrogates), "\ufffd\ufffd": 1}
    assert served.responses_by_caller == {"\ufffd": len(surrogates), "\U0001f600": 1}
    assert served.values_by_name == {"n": len(surrogates), "\ufffd": len(surrogates), "\ufffd\ufffd": 1}
