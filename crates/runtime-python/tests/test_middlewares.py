"""The middlewares, called by hand with what a server would give them, and with what none should."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, MutableMapping
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

import runtime_metrics
from runtime_metrics import Metrics, RequestMetricsMiddleware, wsgi


def ask(middleware: RequestMetricsMiddleware, scope: dict[str, Any]) -> None:
    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        pass

    asyncio.run(middleware(scope, receive, send))


def counting(metrics: Metrics, **options: Any) -> tuple[RequestMetricsMiddleware, list[int]]:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(metrics.snapshot().requests.total_requests)

    return RequestMetricsMiddleware(app, metrics=metrics, **options), seen


def test_a_request_is_counted_before_the_application_sees_it() -> None:
    metrics = Metrics()
    middleware, seen = counting(metrics)
    for path in ("/", "/a\u00e9", "/\ud800", "", "/" + "x" * 5_000):
        ask(middleware, {"type": "http", "path": path})
    assert seen == [1, 2, 3, 4, 5]
    assert metrics.snapshot().requests.requests_by_path == {
        "": 1,
        "/": 1,
        "/a\u00e9": 1,
        "/\ufffd": 1,
        runtime_metrics.OVERFLOW_LABEL: 1,
    }


def test_what_is_no_request_is_not_counted_and_reaches_the_application() -> None:
    metrics = Metrics()
    middleware, seen = counting(metrics)
    for kind in ("lifespan", "websocket"):
        ask(middleware, {"type": kind, "path": "/"})
    assert seen == [0, 0]


@pytest.mark.parametrize("scope", [{}, {"path": None}, {"path": b"/"}])
def test_a_path_that_no_server_sends_does_not_stop_a_request(scope: dict[str, Any]) -> None:
    metrics = Metrics()
    middleware, seen = counting(metrics)
    ask(middleware, {"type": "http", **scope})
    assert (seen, metrics.snapshot().requests.requests_by_path) == ([1], {"": 1})


def test_a_label_of_ones_own_takes_the_place_of_the_path() -> None:
    metrics = Metrics()
    middleware, _ = counting(metrics, label=lambda scope: scope["method"])
    ask(middleware, {"type": "http", "path": "/1", "method": "GET"})
    assert metrics.snapshot().requests.requests_by_path == {"GET": 1}


def test_without_a_registry_the_processs_counts() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        pass

    ask(RequestMetricsMiddleware(app), {"type": "http", "path": "/asgi"})
    middleware = wsgi.RequestMetricsMiddleware(lambda environ, start_response: [])
    middleware({"PATH_INFO": "/wsgi"}, start_response)
    assert runtime_metrics.get_request_metrics_snapshot().requests_by_path == {"/asgi": 1, "/wsgi": 1}


def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None, /) -> Any:
    return lambda data: None


@pytest.mark.parametrize(
    ("environ", "path"),
    [
        ({"PATH_INFO": "/a"}, "/a"),
        ({"SCRIPT_NAME": "/mounted", "PATH_INFO": "/a"}, "/mounted/a"),
        ({"PATH_INFO": "/\u00e9".encode().decode("latin-1")}, "/\u00e9"),
        ({"PATH_INFO": "/\xff"}, "/\ufffd"),
        ({"PATH_INFO": "/\u20ac\ud800"}, "/??"),
        ({"PATH_INFO": ""}, ""),
        ({"PATH_INFO": None, "SCRIPT_NAME": b""}, ""),
    ],
)
def test_a_wsgi_request_is_counted_under_its_decoded_path(environ: dict[str, Any], path: str) -> None:
    metrics = Metrics()
    seen = []

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        seen.append(metrics.snapshot().requests.requests_by_path)
        return [b"x"]

    defaults: dict[str, Any] = {}
    setup_testing_defaults(defaults)
    middleware = wsgi.RequestMetricsMiddleware(app, metrics=metrics)
    assert middleware({**defaults, **environ}, start_response) == [b"x"]
    assert seen == [{path: 1}]


def test_a_label_of_ones_own_takes_the_place_of_a_wsgi_path() -> None:
    metrics = Metrics()
    middleware = wsgi.RequestMetricsMiddleware(
        lambda environ, start_response: [], metrics=metrics, label=lambda environ: environ["REQUEST_METHOD"]
    )
    middleware({"REQUEST_METHOD": "PUT"}, start_response)
    assert metrics.snapshot().requests.requests_by_path == {"PUT": 1}
