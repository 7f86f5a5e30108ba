"""For services that run the OpenTelemetry SDK: what was counted, as observable instruments of a meter of theirs.

::

    from opentelemetry.metrics import get_meter
    from runtime_metrics.opentelemetry import observe

    observe(get_meter("runtime_metrics"))

Names, units and attributes are those of ``Exposition.render_otlp_json``, which is where the numbers come from. The resource is the SDK's.

The SDK asks one instrument after the other, on the thread that collects, and does not say where a collection begins. So the first callback of a
thread takes a cut, and the others on that thread show the same one, until one is asked that has already shown it: that is another collection.
Whichever instruments a view drops, all that one collection shows comes from one cut that was taken after it began.

Observable counters are thought never to fall; a reset looks to readers like a restart that they are not told of.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from opentelemetry.metrics import CallbackOptions, Meter, Observation

from ._native import Exposition, Metrics

__all__ = ["observe"]

Points = dict[str, list[dict[str, Any]]]


def observe(meter: Meter, *, exposition: Exposition | None = None, metrics: Metrics | None = None) -> None:
    """Registers an observable instrument for each metric.

    Args:
        meter: a meter of the service's provider.
        exposition: how counters are shown; with its defaults unless told.
        metrics: the registry to show; without one, that of the module's functions.
    """
    shown = exposition if exposition is not None else Exposition()
    collections = _Collections(lambda: _points(shown.render_otlp_json(metrics)))
    for metric in _instruments(shown):
        name = metric["name"]
        create = meter.create_observable_counter if "sum" in metric else meter.create_observable_gauge
        callback = _callback(collections, name)
        create(name, [callback], unit=metric.get("unit", ""), description=metric.get("description", ""))


def _instruments(exposition: Exposition) -> list[dict[str, Any]]:
    """The metrics of a registry that has something to say of each, but for those of the process, which are for the SDK to show."""
    full = Metrics(request_series_limit=1, delivery_series_limit=1)
    full.record_request("a")
    full.record_request("b")
    full.record_config_delivery("e", "t", ["n"], caller_label="c")
    return [metric for metric in _metrics(exposition.render_otlp_json(full)) if not metric["name"].startswith("process.")]


def _metrics(request: bytes) -> list[dict[str, Any]]:
    scopes = (scope for resource in json.loads(request)["resourceMetrics"] for scope in resource["scopeMetrics"])
    return [metric for scope in scopes for metric in scope["metrics"]]


def _points(request: bytes) -> Points:
    return {
        metric["name"]: metric.get("sum", metric.get("gauge", {})).get("dataPoints", []) for metric in _metrics(request)
    }


class _Collections(threading.local):
    """The cut that this thread's collection shows, and the instruments that have shown it."""

    def __init__(self, take: Callable[[], Points]) -> None:
        self._take = take
        self._points: Points | None = None
        self._shown: set[str] = set()

    def points(self, name: str) -> list[dict[str, Any]]:
        if self._points is None or name in self._shown:
            self._points = self._take()
            self._shown = set()
        self._shown.add(name)
        return self._points.get(name, [])


def _callback(collections: _Collections, name: str) -> Callable[[CallbackOptions], Iterable[Observation]]:
    def observations(_: CallbackOptions) -> Iterable[Observation]:
        return [_observation(point) for point in collections.points(name)]

    return observations


def _observation(point: dict[str, Any]) -> Observation:
    value = int(point["asInt"]) if "asInt" in point else float(point["asDouble"])
    return Observation(value, {attribute["key"]: _value(attribute["value"]) for attribute in point.get("attributes", [])})


def _value(value: dict[str, Any]) -> str | bool | int:
    """An attribute's value, of the kinds that our metrics have."""
    if "intValue" in value:
        return int(value["intValue"])
    return bool(value["boolValue"]) if "boolValue" in value else str(value.get("stringValue", ""))
