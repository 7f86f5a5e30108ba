from collections.abc import Sequence
from typing import Final, Literal, final

from typing_extensions import Self

from .snapshots import (
    ProcessRuntimeSnapshot,
    RequestMetricsSnapshot,
    RuntimeSnapshot,
    ServedConfigMetricsSnapshot,
)

__all__ = [
    "DeliveryPlan",
    "Exposition",
    "Metrics",
    "OPENMETRICS_CONTENT_TYPE",
    "OVERFLOW_LABEL",
    "PROMETHEUS_CONTENT_TYPE",
    "RequestCounter",
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

OPENMETRICS_CONTENT_TYPE: Final[str]
OVERFLOW_LABEL: Final[str]
PROMETHEUS_CONTENT_TYPE: Final[str]
__version__: Final[str]

def global_metrics() -> Metrics: ...
def reset_metrics() -> None: ...
def record_request(path: str) -> None: ...
def record_config_delivery(
    endpoint_name: str, target: str, config_names: Sequence[str], *, caller_label: str
) -> None: ...
def get_process_runtime_snapshot() -> ProcessRuntimeSnapshot: ...
def get_request_metrics_snapshot() -> RequestMetricsSnapshot: ...
def get_served_config_metrics_snapshot() -> ServedConfigMetricsSnapshot: ...
def get_runtime_snapshot() -> RuntimeSnapshot: ...
def render_prometheus() -> str: ...
def render_openmetrics() -> str: ...

@final
class Metrics:
    def __new__(
        cls,
        *,
        request_series_limit: int = 10_000,
        delivery_series_limit: int = 10_000,
        max_label_bytes: int = 1_024,
        portable_fences: bool = False,
    ) -> Self: ...
    def record_request(self, path: str) -> None: ...
    def record_config_delivery(
        self, endpoint_name: str, target: str, config_names: Sequence[str], *, caller_label: str
    ) -> None: ...
    def request_counter(self, path: str) -> RequestCounter: ...
    def delivery_plan(self, endpoint_name: str, target: str, config_names: Sequence[str]) -> DeliveryPlan: ...
    def snapshot(self) -> RuntimeSnapshot: ...
    def snapshot_within(self, max_age: float) -> RuntimeSnapshot: ...
    def latest(self) -> RuntimeSnapshot: ...
    def reset(self) -> RuntimeSnapshot: ...
    def process(self) -> ProcessRuntimeSnapshot: ...

@final
class RequestCounter:
    def record(self) -> None: ...
    @property
    def path(self) -> str: ...

@final
class DeliveryPlan:
    def record(self, caller_label: str) -> None: ...
    @property
    def endpoint_name(self) -> str: ...
    @property
    def target(self) -> str: ...
    @property
    def config_names(self) -> tuple[str, ...]: ...

@final
class Exposition:
    def __new__(
        cls,
        *,
        namespace: str = "runtime",
        service_name: str = "",
        service_namespace: str = "",
        service_version: str = "",
        revision: str = "",
        request_label: Literal["path", "route"] = "path",
        caller_labels: Literal["shown", "hashed", "dropped"] = "shown",
    ) -> Self: ...
    def render_prometheus(self, metrics: Metrics | None = None) -> str: ...
    def render_openmetrics(self, metrics: Metrics | None = None) -> str: ...
    def render(self, accept: str, metrics: Metrics | None = None) -> tuple[str, str]: ...
    def render_otlp_json(self, metrics: Metrics | None = None) -> bytes: ...
