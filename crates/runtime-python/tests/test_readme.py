"""The examples of the README run as they stand, each in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parent.parent / "README.md"
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", README.read_text("utf-8"), re.M | re.S)


def test_the_readme_has_examples() -> None:
    assert len(EXAMPLES) == 4


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example).splitlines()[0])
def test_an_example_of_the_readme_runs(example: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", example], timeout=60, check=True)
