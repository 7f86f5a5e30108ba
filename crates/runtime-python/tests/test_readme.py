"""The examples of the READMEs, the package's and the project's, run as they stand, each in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent
PROJECT = PACKAGE.parent.parent


def examples(folder: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", (folder / "README.md").read_text("utf-8"), re.M | re.S)


def test_the_readmes_have_examples() -> None:
    assert (len(examples(PACKAGE)), len(examples(PROJECT))) == (4, 1)


@pytest.mark.parametrize("example", examples(PACKAGE) + examples(PROJECT), ids=lambda example: str(example).splitlines()[0])
def test_an_example_of_a_readme_runs(example: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", example], timeout=60, check=True)
