"""The samples of a Prometheus text page, as far as these checks need them: integer counters by their labels."""

import re

_SAMPLE = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)",?')
_ESCAPES = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def samples(page, family):
    """`{labels: count}` of one counter family; the labels as a sorted tuple of pairs."""
    found = {}
    # Only a line feed ends a line: labels may hold every other character that Unicode calls a line end.
    for line in page.split("\n"):
        sample = _SAMPLE.match(line)
        if sample and sample[1] == family:
            labels = tuple(sorted((name, _unescape(value)) for name, value in _LABEL.findall(sample[2] or "")))
            if labels in found:
                raise SystemExit(f"{family} has the labels {labels} twice")
            found[labels] = int(sample[3])
    return found


def total(page, family):
    """The sum over the series of one counter family."""
    return sum(samples(page, family).values())


def _unescape(value):
    return re.sub(r"\\.", lambda found: _ESCAPES[found[0]], value)
