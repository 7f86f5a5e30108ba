"""Counts the requests of an ASGI application: FastAPI, Starlette, or any other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ._native import Metrics, global_metrics

__all__ = ["RequestMetricsMiddleware"]

# As the ASGI specification has them.
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def path_of(scope: Scope) -> str:
    """The path that was asked for, as the server has decoded it, the mount point included."""
    path = scope.get("path")
    return path if isinstance(path, str) else ""


class RequestMetricsMiddleware:
    """Counts each HTTP request before the application sees it, so that the request that asks for the counts is itself counted::

        app = FastAPI()
        app.add_middleware(RequestMetricsMiddleware)

    Args:
        app: the application.
        metrics: the registry to count into; without one, that of the module's functions.
        label: what to count a request under, by its scope; the path unless told. A request of which it says None is not counted. A service
            whose paths hold identifiers should give one that makes them few: past the series limit, paths are counted together.

    Web sockets and the lifespan are not counted. A request that passes a second middleware for the same registry, that of a mounted application say, is
    counted by the first alone. Nothing that a client sends makes it raise. It wraps neither ``receive`` nor ``send``.
    """

    def __init__(
        self,
        app: Application,
        *,
        metrics: Metrics | None = None,
        label: Callable[[Scope], str | None] = path_of,
    ) -> None:
        self.app = app
        self._metrics = metrics if metrics is not None else global_metrics()
        self._label = label
        self._mark = f"runtime_metrics.seen.{id(self._metrics)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._mark in scope:
            await self.app(scope, receive, send)
            return
        label = self._label(scope)
        if label is not None:
            self._metrics.record_request(label)
        scope[self._mark] = True
        try:
            await self.app(scope, receive, send)
        finally:
            scope.pop(self._mark, None)
