"""Process-local runtime metrics with exact snapshots, counted by a core in Rust.

A service worker counts HTTP requests by path, and configuration deliveries by endpoint, target, caller and config name, for the lifetime of
this process only::

    from runtime_metrics import get_runtime_snapshot, record_config_delivery, record_request

    record_request("/api/v1/run-time")
    record_config_delivery("run-time", "api", ["Auth:JWT:Issuer"], caller_label="local:api")
    assert get_runtime_snapshot().requests.total_requests == 1

The functions count into one registry for the process; ``global_metrics()`` is that one, and ``Metrics()`` one of your own. Every snapshot is one
consistent cut: a delivery is in it whole or not at all, and nothing is lost or counted twice, whatever threads do meanwhile. A forked child
starts at zero, with an identity of its own.

``RequestMetricsMiddleware`` counts the requests of an ASGI application; ``runtime_metrics.wsgi`` has its twin for WSGI, and
``runtime_metrics.opentelemetry`` shows the counts to services that run the OpenTelemetry SDK.

Labels are counted as Python has them, with one difference: U+FFFD stands in place of each lone surrogate. A family has a series limit, 10,000
unless told, and a label a limit of 1,024 bytes; what is over one is counted under ``OVERFLOW_LABEL``.
"""

from ._native import (
    OPENMETRICS_CONTENT_TYPE,
    OVERFLOW_LABEL,
    PROMETHEUS_CONTENT_TYPE,
    DeliveryPlan,
    Exposition,
    Metrics,
    RequestCounter,
    __version__,
    get_process_runtime_snapshot,
    get_request_metrics_snapshot,
    get_runtime_snapshot,
    get_served_config_metrics_snapshot,
    global_metrics,
    record_config_delivery,
    record_request,
    render_openmetrics,
    render_prometheus,
    reset_metrics,
)
from .asgi import RequestMetricsMiddleware
from .snapshots import (
    OverflowSnapshot,
    ProcessRuntimeSnapshot,
    RequestMetricsSnapshot,
    RuntimeSnapshot,
    ServedConfigMetricsSnapshot,
)

__all__ = [
    "OPENMETRICS_CONTENT_TYPE",
    "OVERFLOW_LABEL",
    "PROMETHEUS_CONTENT_TYPE",
    "DeliveryPlan",
    "Exposition",
    "Metrics",
    "OverflowSnapshot",
    "ProcessRuntimeSnapshot",
    "RequestCounter",
    "RequestMetricsMiddleware",
    "RequestMetricsSnapshot",
    "RuntimeSnapshot",
    "ServedConfigMetricsSnapshot",
    "__version__",
    "get_process_runtime_snapshot",
    "get_request_metrics_snapshot",
    "get_runtime_snapshot",
    "get_served_config_metrics_snapshot",
    "global_metrics",
    "record_config_delivery",
    "record_request",
    "render_openmetrics",
    "render_prometheus",
    "reset_metrics",
]
