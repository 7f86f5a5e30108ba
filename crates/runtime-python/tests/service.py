"""The services that tests start: one for ASGI, one for WSGI. Each also counts by itself what it has answered."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response

import runtime_metrics
from runtime_metrics import Exposition, RequestMetricsMiddleware, wsgi

if TYPE_CHECKING:
    from collections.abc import Iterable
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

answered: Counter[str] = Counter()
exposition = Exposition(service_name="tested")

# Of the process that imports this: of a worker only if it was not forked after that.
runtime_metrics.record_request("/import")

app = FastAPI()
app.add_middleware(RequestMetricsMiddleware)


def counts() -> dict[str, Any]:
    snapshot = runtime_metrics.get_runtime_snapshot()
    return {
        "process_id": snapshot.process.process_id,
        "instance_id": snapshot.instance_id,
        "parent_instance_id": snapshot.parent_instance_id,
        "requests_by_path": snapshot.requests.requests_by_path,
        "values_by_name": snapshot.served_config.values_by_name,
        "answered": answered,
    }


def deliver() -> None:
    answered["/hello"] += 1
    runtime_metrics.record_config_delivery("hello", "api", ["a", "b"], caller_label="ab")


@app.get("/hello")
async def hello() -> str:
    deliver()
    return "hello"


@app.get("/counts")
async def show_counts() -> dict[str, Any]:
    # Keeps the worker from accepting more, so that another one answers as well.
    time.sleep(0.02)
    return counts()


@app.get("/metrics")
async def show_metrics(request: Request) -> Response:
    content_type, page = exposition.render(request.headers.get("accept", ""))
    return Response(page, headers={"content-type": content_type})


def _application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    if environ["PATH_INFO"] == "/hello":
        deliver()
        return [b"hello"]
    time.sleep(0.02)
    return [json.dumps(counts()).encode()]


application = wsgi.RequestMetricsMiddleware(_application)
