"""What the module that this package replaces does beside counting: signatures, kinds of arguments, errors."""

from __future__ import annotations

import enum
import inspect
import pickle
from collections import UserList, deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from model import Model

import runtime_metrics
from runtime_metrics import Metrics


def delivered(config_names: Any) -> dict[str, object]:
    metrics, model = Metrics(), Model()
    for registry in (metrics, model):
        registry.record_config_delivery("e", "t", config_names, caller_label="c")
    served = metrics.snapshot().served_config
    assert (served.values_total, served.values_by_name) == (model.values_total, model.values_by_name)
    return dict(served.values_by_name)


class Backwards(Sequence[str]):
    """A sequence of its own kind."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def __len__(self) -> int:
        return len(self.names)

    def __getitem__(self, place: Any) -> Any:
        return self.names[::-1][place]


class Loud(list[str]):
    """A list that iterates in its own way."""

    def __iter__(self) -> Iterator[str]:
        return (name.upper() for name in super().__iter__())


class OldStyle:
    """Has a length and places, and nothing else."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, place: int) -> str:
        return ["x", "y"][place]


@pytest.mark.parametrize(
    ("config_names", "counted"),
    [
        ([], {}),
        ((), {}),
        ("", {}),
        (["a", "b", "a"], {"a": 2, "b": 1}),
        (("a", "b", "a"), {"a": 2, "b": 1}),
        ("añña", {"a": 2, "ñ": 2}),
        (Backwards("a", "b"), {"a": 1, "b": 1}),
        (Loud(["a", "b"]), {"A": 1, "B": 1}),
        (OldStyle(), {"x": 1, "y": 1}),
        (UserList(["a"]), {"a": 1}),
        (deque(["a", "a"]), {"a": 2}),
        ({"a": 1, "b": 2}, {"a": 1, "b": 1}),
        ({"a": 1, "b": 2}.keys(), {"a": 1, "b": 1}),
        (frozenset("ab"), {"a": 1, "b": 1}),
        ([f"name{number}" for number in range(100)], {f"name{number}": 1 for number in range(100)}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_names_come_in_anything_that_has_a_length_and_can_be_iterated_over(
    config_names: Any, counted: dict[str, int]
) -> None:
    assert delivered(config_names) == counted


class Text(str):
    """A subclass that pretends to be something else."""

    def strip(self, chars: str | None = None, /) -> str:
        return "stripped"

    def encode(self, encoding: str = "", errors: str = "") -> bytes:
        return b"encoded"

    def __str__(self) -> str:
        return "str"


class Path(str, enum.Enum):
    HOME = "/home"


def test_a_subclass_of_str_is_the_text_that_it_holds() -> None:
    metrics = Metrics()
    metrics.record_request(Path.HOME)
    metrics.record_request(Text("/Text"))
    metrics.record_request(Text("/\ud800"))
    metrics.record_config_delivery(Text(" E "), Text("T"), [Text("N"), Path.HOME], caller_label=Text("C"))
    snapshot = metrics.snapshot()
    assert snapshot.requests.requests_by_path == {"/Text": 1, "/home": 1, "/\ufffd": 1}
    assert snapshot.served_config.responses_by_endpoint == {"e": 1}
    assert snapshot.served_config.values_by_name == {"/home": 1, "N": 1}


class Stripped:
    """Is no text, and has all that the seed asks of one."""

    def strip(self) -> Stripped:
        return self

    def lower(self) -> Stripped:
        return self


class Unsized:
    def __len__(self) -> int:
        raise ValueError("unsized")


class Broken(list[str]):
    def __iter__(self) -> Iterator[str]:
        yield "a"
        raise KeyError("broken")


def label_calls(registry: Any, label: Any) -> list[Callable[[], object]]:
    deliver = registry.record_config_delivery
    return [
        lambda: deliver(label, "t", [], caller_label="c"),
        lambda: deliver("e", label, [], caller_label="c"),
        lambda: deliver("e", "t", [], caller_label=label),
    ]


def raised(call: Callable[[], object]) -> type[BaseException] | None:
    try:
        call()
    except Exception as error:
        return type(error)
    return None


def untouched(metrics: Metrics) -> bool:
    snapshot = metrics.snapshot()
    return snapshot.requests.total_requests == 0 and snapshot.served_config.responses_total == 0


@pytest.mark.parametrize("label", [None, 1, 1.5, object(), ["a"], ("a",), {}], ids=repr)
def test_a_label_without_strip_is_an_attribute_error_as_in_the_seed(label: Any) -> None:
    metrics, model = Metrics(), Model()
    for call, seed in zip(label_calls(metrics, label), label_calls(model, label)):
        assert (raised(call), raised(seed)) == (AttributeError, AttributeError)
    plan = metrics.delivery_plan("e", "t", [])
    assert raised(lambda: plan.record(label)) is AttributeError
    assert untouched(metrics)


@pytest.mark.parametrize("label", [b"a", bytearray(b"a"), Stripped(), str], ids=repr)
def test_what_has_a_strip_but_is_no_text_is_a_type_error(label: Any) -> None:
    metrics = Metrics()
    assert [raised(call) for call in label_calls(metrics, label)] == [TypeError] * 3
    assert untouched(metrics)


@pytest.mark.parametrize(
    ("config_names", "error"),
    [
        ((name for name in ["a"]), TypeError),
        (iter(["a"]), TypeError),
        (map(str, [1]), TypeError),
        (None, TypeError),
        (1, TypeError),
        ([["a"]], TypeError),
        (({},), TypeError),
        (Unsized(), ValueError),
        (Broken(), KeyError),
    ],
    ids=lambda value: type(value).__name__,
)
def test_names_that_the_seed_refuses_are_refused_with_its_kind_of_error(
    config_names: Any, error: type[Exception]
) -> None:
    metrics, model = Metrics(), Model()
    for registry in (model, metrics):
        assert raised(lambda: registry.record_config_delivery("e", "t", config_names, caller_label="c")) is error
    assert raised(lambda: metrics.delivery_plan("e", "t", config_names)) is error
    assert untouched(metrics)


@pytest.mark.parametrize("name", [None, 1, b"a"], ids=repr)
def test_a_name_that_is_no_text_is_a_type_error_and_nothing_is_counted(name: Any) -> None:
    metrics = Metrics()
    for config_names in (["a", name], ("a", name), deque(["a", name])):
        assert raised(lambda: metrics.record_config_delivery("e", "t", config_names, caller_label="c")) is TypeError
    assert untouched(metrics)


@pytest.mark.parametrize("path", [None, 1, b"/", [], {}, object()], ids=repr)
def test_a_path_that_is_no_text_is_a_type_error(path: Any) -> None:
    metrics = Metrics()
    assert raised(lambda: metrics.record_request(path)) is TypeError
    assert raised(lambda: metrics.request_counter(path)) is TypeError
    assert untouched(metrics)


def test_errors_name_the_function_the_argument_and_what_was_given() -> None:
    package: Any = runtime_metrics
    cases: list[tuple[Callable[[], object], str]] = [
        (lambda: package.record_request(1), "record_request() argument 'path' must be str, not int"),
        (
            lambda: package.record_config_delivery("e", None, [], caller_label="c"),
            "record_config_delivery() argument 'target' must be str, not NoneType",
        ),
        (
            lambda: package.record_config_delivery("e", "t", iter(["a"]), caller_label="c"),
            "record_config_delivery() argument 'config_names' must be a sequence of str, not list_iterator",
        ),
        (
            lambda: package.record_config_delivery("e", "t", ["a", 1], caller_label="c"),
            "record_config_delivery() argument 'config_names' must be a sequence of str, and every item of it str, not int",
        ),
    ]
    for call, message in cases:
        with pytest.raises((TypeError, AttributeError)) as error:
            call()
        assert str(error.value) == message


@pytest.mark.parametrize(
    "call",
    [
        lambda registry: registry.record_request(),
        lambda registry: registry.record_request("/", "/"),
        lambda registry: registry.record_request(route="/"),
        lambda registry: registry.record_config_delivery("e", "t", []),
        lambda registry: registry.record_config_delivery("e", "t", [], "c"),
        lambda registry: registry.record_config_delivery("e", "t", caller_label="c"),
        lambda registry: registry.record_config_delivery("e", "t", [], caller="c"),
        lambda registry: registry.reset_metrics(1),
    ],
)
def test_a_call_that_does_not_fit_the_signature_is_a_type_error(call: Callable[[Any], object]) -> None:
    assert (raised(lambda: call(Model())), raised(lambda: call(runtime_metrics))) == (TypeError, TypeError)


def test_every_argument_has_the_name_of_the_seeds() -> None:
    for name in ("record_request", "record_config_delivery"):
        ours = inspect.signature(getattr(runtime_metrics, name)).parameters
        seeds = inspect.signature(getattr(Model(), name)).parameters
        assert [(name, parameter.kind) for name, parameter in ours.items()] == [
            (name, parameter.kind) for name, parameter in seeds.items()
        ]
    runtime_metrics.record_request(path="/")
    runtime_metrics.record_config_delivery(endpoint_name="e", target="t", config_names=[], caller_label="c")
    package: Any = runtime_metrics
    assert package.reset_metrics() is None


def test_every_public_name_has_a_docstring_and_the_functions_can_be_sent_to_another_process() -> None:
    for name in runtime_metrics.__all__:
        value = getattr(runtime_metrics, name)
        if not isinstance(value, str):
            assert value.__doc__, name
        if inspect.isbuiltin(value):
            assert pickle.loads(pickle.dumps(value)) is value


def test_a_null_character_is_a_character_like_any_other() -> None:
    metrics = Metrics()
    metrics.record_request("/a\0b")
    metrics.record_config_delivery("\0E", "\0", ["\0", "a\0"], caller_label="c\0")
    snapshot = metrics.snapshot()
    assert snapshot.requests.requests_by_path == {"/a\0b": 1}
    assert snapshot.served_config.responses_by_endpoint == {"\0e": 1}
    assert snapshot.served_config.values_by_name == {"\0": 1, "a\0": 1}
