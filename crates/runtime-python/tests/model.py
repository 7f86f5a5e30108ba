"""The registry as semantics say it should be: an ``RLock`` and ``Counter``s, as in the Python module that this package replaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from threading import RLock
from time import time


def counted(label: str) -> str:
    """The label as it is counted: as given, but for lone surrogates."""
    return "".join("\ufffd" if "\ud800" <= character <= "\udfff" else character for character in label)


class Model:
    """Without limits."""

    def __init__(self) -> None:
        self._lock = RLock()
        self.reset_metrics()

    def reset_metrics(self) -> None:
        with self._lock:
            self.total_requests = 0
            self.requests_by_path: Counter[str] = Counter()
            self.responses_total = 0
            self.values_total = 0
            self.responses_by_endpoint: Counter[str] = Counter()
            self.responses_by_target: Counter[str] = Counter()
            self.responses_by_caller: Counter[str] = Counter()
            self.values_by_target: Counter[str] = Counter()
            self.values_by_caller: Counter[str] = Counter()
            self.values_by_name: Counter[str] = Counter()
            self.last_served_at: float | None = None

    def record_request(self, path: str) -> None:
        with self._lock:
            self.total_requests += 1
            self.requests_by_path[path] += 1

    def record_config_delivery(
        self, endpoint_name: str, target: str, config_names: Sequence[str], *, caller_label: str
    ) -> None:
        endpoint = endpoint_name.strip().lower()
        target = target.strip().lower()
        caller = caller_label.strip().lower()
        values = len(config_names)
        with self._lock:
            self.responses_total += 1
            self.values_total += values
            self.responses_by_endpoint[endpoint] += 1
            self.responses_by_target[target] += 1
            self.responses_by_caller[caller] += 1
            self.values_by_target[target] += values
            self.values_by_caller[caller] += values
            for name in config_names:
                self.values_by_name[name] += 1
            self.last_served_at = time()

    def requests(self) -> dict[str, object]:
        return {"total_requests": self.total_requests, "requests_by_path": _shown(self.requests_by_path)}

    def served_config(self) -> dict[str, object]:
        return {
            "responses_total": self.responses_total,
            "values_total": self.values_total,
            "responses_by_endpoint": _shown(self.responses_by_endpoint),
            "responses_by_target": _shown(self.responses_by_target),
            "responses_by_caller": _shown(self.responses_by_caller),
            "values_by_target": _shown(self.values_by_target),
            "values_by_caller": _shown(self.values_by_caller),
            "values_by_name": _shown(self.values_by_name),
        }


def _shown(counts: Counter[str]) -> dict[str, int]:
    shown: Counter[str] = Counter()
    for label, count in counts.items():
        shown[counted(label)] += count
    return dict(shown)
