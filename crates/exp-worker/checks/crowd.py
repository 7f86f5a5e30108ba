#!/usr/bin/env python3
"""Counts are exact beside all who look, and across resets: `crowd.py REQUESTS` sends so many requests with ApacheBench to a release worker whose
measurement window ends every second, while 50 scrapers ask for the page, the snapshot and the health document, and 50 viewers watch.

Each of them must see whole deliveries only. The windows, added up, must be what was asked for, to the unit. Needs cargo and ab.
"""

import json
import re
import shutil
import sys
from collections import Counter

sys.dont_write_bytecode = True

from apache_bench import apache_bench  # noqa: E402
from checks import Checks  # noqa: E402
from deadline import bounded, poll  # noqa: E402
from observers import Scraper, Viewer  # noqa: E402
import worker as exp  # noqa: E402

PATH = "/api/v1/run-time"
TARGET = "api"
OBSERVERS = 50
BUILD_SECONDS = 1_200
LOAD_SECONDS_AT_LEAST = 90
SLOWEST_REQUESTS_PER_SECOND = 250
PATIENCE_SECONDS = 30


def main(requests):
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build(example="windows")
    seconds = LOAD_SECONDS_AT_LEAST + requests // SLOWEST_REQUESTS_PER_SECOND
    with bounded(seconds + 60), exp.running(binary) as worker:
        _, body = worker.get(f"{PATH}?for={TARGET}")
        names = json.loads(body)["values"]
        scrapers = [Scraper(worker.port, len(names)) for _ in range(OBSERVERS)]
        viewers = [Viewer(worker.port, len(names)) for _ in range(OBSERVERS)]
        for observer in scrapers + viewers:
            observer.start()
        report = apache_bench(worker.port, f"{PATH}?for={TARGET}", requests, seconds)
        checks.equal("complete answers", int(report["Complete requests"]), requests)
        checks.equal("failed answers", int(report["Failed requests"]), 0)
        checks.equal("answers other than 2xx", int(report["Non-2xx responses"]), 0)
        # A short load may be over before everybody has looked.
        poll(lambda: all(scraper.asked["/api/health"] for scraper in scrapers) and all(len(viewer.windows) > 1 for viewer in viewers), PATIENCE_SECONDS)
        for scraper in scrapers:
            scraper.stopped.set()
        for scraper in scrapers:
            scraper.join()
        code, _ = worker.stop()
        for viewer in viewers:
            viewer.join()
        asked = sum((observer.asked for observer in scrapers + viewers), Counter(worker.asked))
        windows = [json.loads(line) for line in worker.lines()[1:]]
        print(f"       {float(report['Requests per second']):.0f} requests a second, {sum(asked.values())} by those who look, "
              f"{len(windows)} windows, {sum(viewer.frames for viewer in viewers)} frames")

        checks.equal("exit code after SIGTERM", code, 0)
        checks.equal("what those who look found wrong", [fault for observer in scrapers + viewers for fault in observer.faults], [])
        checks.equal("scrapers that got each document", sum(len(scraper.asked) == 3 for scraper in scrapers), OBSERVERS)
        checks.equal("viewers that saw more than one window", sum(len(viewer.windows) > 1 for viewer in viewers), OBSERVERS)
        checks.equal("windows that differ", len({window["window"]["id"] for window in windows}), len(windows))

        deliveries = requests + 1
        asked[PATH] += requests
        checks.equal("requests by path, all windows", counts(windows, "requests", "series", "path"), asked)
        checks.equal("responses, all windows", sum(window["deliveries"]["responsesTotal"] for window in windows), deliveries)
        checks.equal("values, all windows", sum(window["deliveries"]["valuesTotal"] for window in windows), deliveries * len(names))
        checks.equal("values by name, all windows", counts(windows, "deliveries", "values", "configName"), {name: deliveries for name in names})
        checks.equal("windows with a part of a delivery", sum(
            window["deliveries"]["valuesTotal"] != len(names) * window["deliveries"]["responsesTotal"] for window in windows), 0)
        checks.equal("warnings in the log", worker.log(), "")
    return checks.finish()


def counts(windows, family, series, label):
    """The counts of all windows together, by label."""
    found = Counter()
    for window in windows:
        for one in window[family][series]:
            found[one[label]] += one["count"]
    return found


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"[1-9][0-9]{0,8}", sys.argv[1]):
        sys.exit("usage: crowd.py REQUESTS")
    if shutil.which("ab") is None:
        sys.exit("ab is not installed; it is in the Debian package apache2-utils")
    sys.exit(main(int(sys.argv[1])))
