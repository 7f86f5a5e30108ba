from collections.abc import Iterator

import pytest

import runtime_metrics


@pytest.fixture(autouse=True)
def fresh_window() -> Iterator[None]:
    """What one test counts does not bleed into the next."""
    runtime_metrics.reset_metrics()
    yield
