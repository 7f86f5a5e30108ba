"""Counts what held and what did not, and says so."""

import sys

# Characters of a value; longer ones are shown only when they are wrong.
LONGEST_SHOWN = 100


class Checks:
    """Prints a line a check, and at the end `N passed, N failed`."""

    def __init__(self):
        self._passed = 0
        self._failed = 0

    def equal(self, what, found, expected):
        """One check: `found` is `expected`."""
        held = found == expected
        if held and len(repr(found)) > LONGEST_SHOWN:
            self._count(held, f"{what}: {len(found)} entries, all as expected")
        else:
            self._count(held, f"{what} = {found!r}" + ("" if held else f", expected {expected!r}"))
        return held

    def fail(self, what):
        """A check that could not even be made."""
        self._count(False, what)

    def finish(self):
        """Prints the closing line; the exit code of the script."""
        print(f"{self._passed} passed, {self._failed} failed")
        return 1 if self._failed or not self._passed else 0

    def _count(self, held, text):
        if held:
            self._passed += 1
        else:
            self._failed += 1
        print(f"{'ok    ' if held else 'FAILED'} {text}")
        sys.stdout.flush()
