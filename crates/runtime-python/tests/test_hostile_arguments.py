"""Arguments that do what none should: nothing of it reaches the counters."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest
from model import Model

from runtime_metrics import Metrics


class Hostile(str):
    """A subclass of which nothing can be asked."""

    def refuse(self, *_: Any) -> Any:
        raise RuntimeError("refused")

    __bool__ = __contains__ = __eq__ = __format__ = __getitem__ = __hash__ = __iter__ = __len__ = __repr__ = __str__ = refuse
    encode = lower = strip = refuse  # type: ignore[assignment]


def test_of_a_text_nothing_is_asked() -> None:
    metrics = Metrics()
    metrics.record_request(Hostile("/\u00e9"))
    names = [Hostile("n"), Hostile("\ud800")]
    for config_names in (names, tuple(names), deque(names)):
        metrics.record_config_delivery(Hostile("E"), Hostile("\u00c9"), config_names, caller_label=Hostile("\ud800"))
    metrics.delivery_plan(Hostile("E"), Hostile("\u00c9"), names).record(Hostile("\ud800"))
    snapshot = metrics.snapshot()
    assert snapshot.requests.requests_by_path == {"/\u00e9": 1}
    assert snapshot.served_config.responses_by_target == {"\u00e9": 4}
    assert snapshot.served_config.values_by_name == {"n": 4, "\ufffd": 4}


class Lying:
    """Has another length than it says."""

    def __init__(self, length: Any) -> None:
        self.length = length

    def __len__(self) -> int:
        return int(self.length)

    def __iter__(self) -> Iterator[str]:
        return iter("ab")


@pytest.mark.parametrize("length", [0, 1, 3, 1 << 62])
def test_names_are_those_that_come_whatever_the_length_says(length: int) -> None:
    metrics = Metrics()
    names: Any = Lying(length)
    metrics.record_config_delivery("e", "t", names, caller_label="c")
    served = metrics.snapshot().served_config
    assert (served.values_total, served.values_by_target, served.values_by_name) == (2, {"t": 2}, {"a": 1, "b": 1})


@pytest.mark.parametrize(("length", "error"), [(-1, ValueError), (1 << 70, OverflowError), ("x", ValueError), (None, TypeError)])
def test_a_length_that_cannot_be_is_the_seeds_kind_of_error(length: Any, error: type[Exception]) -> None:
    metrics = Metrics()
    names: Any = Lying(length)
    for registry in (Model(), metrics):
        with pytest.raises(error):
            registry.record_config_delivery("e", "t", names, caller_label="c")
    assert metrics.snapshot().served_config.responses_total == 0


def test_what_goes_wrong_while_a_length_is_asked_for_is_told_as_the_cause() -> None:
    names: Any = Lying(None)
    with pytest.raises(TypeError, match="must be a sequence of str, not Lying") as error:
        Metrics().record_config_delivery("e", "t", names, caller_label="c")
    assert "int()" in str(error.value.__cause__)


class Reentrant:
    """Counts, takes cuts and resets while it is read, and when what it gave is let go."""

    class Name(str):
        metrics: Metrics

        def __del__(self) -> None:
            self.metrics.record_request("/gone")
            self.metrics.snapshot()

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics

    def __len__(self) -> int:
        return 40

    def __iter__(self) -> Iterator[str]:
        for number in range(40):
            self.metrics.record_config_delivery("inner", "t", [f"n{number}"], caller_label="c")
            self.metrics.reset()
            name = self.Name(number)
            name.metrics = self.metrics
            yield name
            del name


def test_a_sequence_may_count_and_reset_while_it_is_read() -> None:
    metrics = Metrics()
    metrics.record_config_delivery("outer", "t", Reentrant(metrics), caller_label="c")  # type: ignore[arg-type]
    snapshot = metrics.snapshot()
    assert snapshot.served_config.responses_by_endpoint == {"outer": 1}
    assert snapshot.served_config.values_by_name == {str(number): 1 for number in range(40)}
    assert snapshot.requests.requests_by_path == {"/gone": 40}


def test_nothing_is_kept_of_what_was_given() -> None:
    metrics = Metrics()
    texts = ["".join([text, "!"]) for text in ("a", "E", "\u00c9", "\ud800")]
    names, tuple_of_names, not_names = list(texts), tuple(texts), [*texts, 1]

    def counts() -> list[int]:
        return [sys.getrefcount(value) for value in (*texts, names, tuple_of_names, not_names)]

    before = counts()
    for text in texts:
        metrics.record_request(text)
        for config_names in (names, tuple_of_names, dict.fromkeys(texts), iter(names), not_names):
            try:
                metrics.record_config_delivery(text, text, config_names, caller_label=text)  # type: ignore[arg-type]
            except TypeError:
                pass
        metrics.request_counter(text).record()
        metrics.delivery_plan(text, text, names).record(text)
    del text, config_names
    assert metrics.snapshot().served_config.responses_total == 4 * 4
    assert counts() == before
