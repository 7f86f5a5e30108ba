"""Counts the requests of a WSGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ._native import Metrics, global_metrics

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["RequestMetricsMiddleware"]


def path_of(environ: WSGIEnvironment) -> str:
    """The path that was asked for, the mount point included, with U+FFFD in place of what is not UTF-8."""
    return text(environ.get("SCRIPT_NAME")) + text(environ.get("PATH_INFO"))


def text(value: Any) -> str:
    """A string of the environment, which holds a byte in each character (PEP 3333)."""
    return value.encode("latin-1", "replace").decode("utf-8", "replace") if isinstance(value, str) else ""


class RequestMetricsMiddleware:
    """Counts each request before the application sees it, so that the request that asks for the counts is itself counted::

        app.wsgi_app = RequestMetricsMiddleware(app.wsgi_app)  # Flask

    Args:
        app: the application.
        metrics: the registry to count into; without one, that of the module's functions.
        label: what to count a request under, by its environment; the path unless told. A request of which it says None is not counted.

    A request that passes a second middleware for the same registry, that of a mounted application say, is counted by the first alone, unless it is passed on
    only while the answer is read. Nothing that a client sends makes it raise. It hands on what the application returns as it is, ``close`` included.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        metrics: Metrics | None = None,
        label: Callable[[WSGIEnvironment], str | None] = path_of,
    ) -> None:
        self.app = app
        self._metrics = metrics if metrics is not None else global_metrics()
        self._label = label
        self._mark = f"runtime_metrics.seen.{id(self._metrics)}"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self._mark in environ:
            return self.app(environ, start_response)
        label = self._label(environ)
        if label is not None:
            self._metrics.record_request(label)
        environ[self._mark] = True
        try:
            return self.app(environ, start_response)
        finally:
            environ.pop(self._mark, None)
