"""What was counted, as of one instant.

Snapshots are immutable and detached: nothing recorded later shows in them. Their maps are plain dicts, made for the caller; changing one
changes nothing in the registry. Two are equal if all that they say is. They can be copied, pickled, and given to
``dataclasses.asdict``.
"""

from dataclasses import dataclass

__all__ = [
    "OverflowSnapshot",
    "ProcessRuntimeSnapshot",
    "RequestMetricsSnapshot",
    "RuntimeSnapshot",
    "ServedConfigMetricsSnapshot",
]


@dataclass(frozen=True, slots=True)
class ProcessRuntimeSnapshot:
    """Identity of this process, and start and uptime of the measurement window."""

    started_at: str
    """When the window began: ISO 8601, UTC, offset ``+00:00``, microseconds."""
    uptime_seconds: float
    """Seconds since then by the monotonic clock, rounded to 3 decimals."""
    hostname: str
    process_id: int


@dataclass(frozen=True, slots=True)
class RequestMetricsSnapshot:
    """Requests by path. ``total_requests`` is the sum of ``requests_by_path``, always."""

    total_requests: int
    requests_by_path: dict[str, int]
    """One entry per path that was recorded in the window, as given, sorted by code point."""


@dataclass(frozen=True, slots=True)
class ServedConfigMetricsSnapshot:
    """Configuration deliveries.

    The three maps of responses each sum up to ``responses_total``, the three maps of values to ``values_total``, always: a delivery is in all
    of them or in none. Endpoints, targets and callers are stripped and lower-cased, names as given; maps are sorted by code point.
    """

    responses_total: int
    values_total: int
    responses_by_endpoint: dict[str, int]
    responses_by_target: dict[str, int]
    responses_by_caller: dict[str, int]
    values_by_target: dict[str, int]
    """One entry per target that was served, with 0 for one that got no values."""
    values_by_caller: dict[str, int]
    """One entry per caller that was served, with 0 for one that got no values."""
    values_by_name: dict[str, int]
    last_served_at: str | None
    """When the last delivery was made, to a few milliseconds: ISO 8601, UTC. None if and only if ``responses_total`` is 0."""


@dataclass(frozen=True, slots=True)
class OverflowSnapshot:
    """What was over a limit."""

    records: int
    """Records of the window that were counted under ``OVERFLOW_LABEL``."""
    rejected_labels: tuple[str, ...]
    """The first few labels of the window that were over a limit, cut to 256 bytes each. They come from outside, and callers' may be sensitive."""


@dataclass(frozen=True, slots=True)
class RuntimeSnapshot:
    """All that one registry counted in one window. Every part is of the same cut."""

    process: ProcessRuntimeSnapshot
    requests: RequestMetricsSnapshot
    served_config: ServedConfigMetricsSnapshot
    sequence: int
    """Cuts of the registry so far, resets included."""
    taken_at: str
    """The instant of the cut: ISO 8601, UTC."""
    process_started_at: str
    """When the process began, or was forked: ISO 8601, UTC. No reset moves it."""
    instance_id: str
    """The ID of this process life, a UUID: new for every start and every fork."""
    parent_instance_id: str | None
    """The ID of the process life that this one was forked from, if it was."""
    request_overflow: OverflowSnapshot
    delivery_overflow: OverflowSnapshot
