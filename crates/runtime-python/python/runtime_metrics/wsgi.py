"""Counts the requests of a WSGI application."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ._native import Metrics, record_request

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
        label: what to count a request under, by its environment; the path unless told. It must return a ``str``.

    Nothing that a client sends makes it raise.
    """

    def __init__(
        self,
        app: WSGIApplication,
        *,
        metrics: Metrics | None = None,
        label: Callable[[WSGIEnvironment], str] = path_of,
    ) -> None:
        self.app = app
        self._record = record_request if metrics is None else metrics.record_request
        self._label = label

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self._record(self._label(environ))
        return self.app(environ, start_response)
