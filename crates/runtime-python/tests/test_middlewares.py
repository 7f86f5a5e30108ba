"""The middlewares, called by hand with what a server would give them, and with what none should."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, MutableMapping
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from fastapi import FastAPI, WebSocket
from fastapi.responses import StreamingResponse

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


def test_a_request_without_a_label_is_not_counted_and_reaches_the_application() -> None:
    metrics = Metrics()
    middleware, seen = counting(metrics, label=lambda scope: None)
    ask(middleware, {"type": "http", "path": "/health"})
    wsgi_middleware = wsgi.RequestMetricsMiddleware(lambda environ, start_response: [b"x"], metrics=metrics, label=lambda environ: None)
    assert wsgi_middleware({"PATH_INFO": "/health"}, start_response) == [b"x"]
    assert seen == [0]
    assert metrics.snapshot().requests.total_requests == 0


def test_a_request_is_counted_once_by_each_registry_however_many_middlewares_it_passes() -> None:
    one, other = Metrics(), Metrics()
    inner, seen = counting(one)
    middleware = RequestMetricsMiddleware(RequestMetricsMiddleware(inner, metrics=other), metrics=one)
    scope = {"type": "http", "path": "/"}
    for _ in range(3):
        ask(middleware, scope)
    assert seen == [1, 2, 3]
    assert scope == {"type": "http", "path": "/"}
    wsgi_inner = wsgi.RequestMetricsMiddleware(lambda environ, start_response: [], metrics=one)
    wsgi_middleware = wsgi.RequestMetricsMiddleware(wsgi.RequestMetricsMiddleware(wsgi_inner, metrics=other), metrics=one)
    environ = {"PATH_INFO": "/"}
    for _ in range(3):
        wsgi_middleware(environ, start_response)
    assert environ == {"PATH_INFO": "/"}
    assert one.snapshot().requests.requests_by_path == other.snapshot().requests.requests_by_path == {"/": 6}


def test_the_processs_registry_counts_once_whether_it_was_named_or_not() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        pass

    ask(RequestMetricsMiddleware(RequestMetricsMiddleware(app), metrics=runtime_metrics.global_metrics()), {"type": "http", "path": "/"})
    assert runtime_metrics.get_request_metrics_snapshot().requests_by_path == {"/": 1}


@pytest.mark.parametrize("error", [KeyError, asyncio.CancelledError, KeyboardInterrupt])
def test_what_an_application_raises_passes_and_its_request_and_the_next_are_counted(error: type[BaseException]) -> None:
    metrics = Metrics()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise error

    def wsgi_app(environ: Any, start_response: Any) -> Iterable[bytes]:
        raise error

    scope, environ = {"type": "http", "path": "/"}, {"PATH_INFO": "/"}
    for _ in range(2):
        with pytest.raises(error):
            ask(RequestMetricsMiddleware(app, metrics=metrics), scope)
        with pytest.raises(error):
            wsgi.RequestMetricsMiddleware(wsgi_app, metrics=metrics)(environ, start_response)
    assert metrics.snapshot().requests.requests_by_path == {"/": 4}


def test_a_mounted_application_is_counted_once_under_the_whole_path_and_answers_as_it_is() -> None:
    metrics = Metrics()
    app, mounted = FastAPI(), FastAPI()
    for each in (app, mounted):
        each.add_middleware(RequestMetricsMiddleware, metrics=metrics)
    app.mount("/mounted", mounted)

    @mounted.api_route("/streamed/{number}", methods=["GET", "HEAD"])
    async def streamed(number: int) -> StreamingResponse:
        return StreamingResponse(iter([b"a", b"b"] * number))

    @mounted.websocket("/socket")
    async def socket(socket: WebSocket) -> None:
        await socket.accept()
        await socket.close()

    async def receive() -> MutableMapping[str, Any]:
        if not received:
            await asyncio.Event().wait()
        return received.pop()

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    def scope(kind: str, path: str, method: str) -> dict[str, Any]:
        common: dict[str, Any] = {"type": kind, "path": path, "root_path": "", "query_string": b"", "headers": []}
        own: dict[str, Any] = {"method": method} if kind == "http" else {"subprotocols": []}
        return common | own

    for kind, path, method, last in [
        ("http", "/mounted/streamed/2", "GET", "http.response.body"),
        ("http", "/mounted/streamed/2", "HEAD", "http.response.body"),
        ("http", "/mounted/none", "GET", "http.response.body"),
        ("websocket", "/mounted/socket", "", "websocket.close"),
    ]:
        sent: list[MutableMapping[str, Any]] = []
        received: list[MutableMapping[str, Any]] = [{"type": f"{kind}.{'connect' if kind == 'websocket' else 'request'}"}]
        asyncio.run(app(scope(kind, path, method), receive, send))
        assert sent[-1]["type"] == last
    assert metrics.snapshot().requests.requests_by_path == {"/mounted/none": 1, "/mounted/streamed/2": 2}


class Closing:
    """What a WSGI application returns, if it wants to know when the server has done with it."""

    def __iter__(self) -> Iterator[bytes]:
        yield b"x"

    def close(self) -> None:
        pass


def test_what_a_wsgi_application_returns_is_handed_on_as_it_is() -> None:
    answer = Closing()
    middleware = wsgi.RequestMetricsMiddleware(lambda environ, start_response: answer, metrics=Metrics())
    assert middleware({"PATH_INFO": "/"}, start_response) is answer


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
