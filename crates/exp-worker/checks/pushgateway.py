#!/usr/bin/env python3
"""What a real Pushgateway holds after a worker's last push is what the worker counted, hostile labels included.

Requests are made, the release worker is stopped, and both what the gateway shows to scrapers and what its API answers must agree, to the
unit, with the tally of this script. Then the same for two workers at once. Needs cargo and prometheus-pushgateway.
"""

import contextlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections import Counter

sys.dont_write_bytecode = True

from checks import Checks  # noqa: E402
from deadline import bounded, poll, stop  # noqa: E402
from exposition import samples  # noqa: E402
from scrape import PATHS, Tally  # noqa: E402
import worker as exp  # noqa: E402

BUILD_SECONDS = 1_200
SECONDS = 120
START_SECONDS = 30
STOP_SECONDS = 20
ANSWER_SECONDS = 10
FAMILIES = ("exp_http_requests_total", "exp_config_deliveries_total", "exp_config_values_served_total")
# Labels that the gateway adds: those of the group, and an empty `instance`, so that scrapers add none.
GROUP_LABELS = ("job", "instance_id", "instance")


class Gateway:
    """A Pushgateway on a free loopback port."""

    def __init__(self, address):
        self.url = f"http://{address}"

    def get(self, path):
        # Proxies of the environment are none of a loopback server's business.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.url + path, timeout=ANSWER_SECONDS) as answer:
            return answer.read().decode()

    def shown(self, family):
        """`{group: {labels: count}}` of one counter family on the page for scrapers; a group is its `instance_id`."""
        groups = {}
        for labels, count in samples(self.get("/metrics"), family).items():
            group = dict(labels)["instance_id"]
            groups.setdefault(group, {})[own(labels)] = count
        return groups

    def stored(self, family):
        """The same from the API."""
        groups = {}
        for group in json.loads(self.get("/api/v1/metrics"))["data"]:
            metrics = group.get(family, {"metrics": []})["metrics"]
            counts = {own(metric["labels"].items()): int(float(metric["value"])) for metric in metrics}
            groups[group["labels"]["instance_id"]] = counts
        return groups


def own(labels):
    """The labels that are not of the group."""
    return tuple(sorted((name, value) for name, value in labels if name not in GROUP_LABELS))


@contextlib.contextmanager
def gateway():
    """A gateway; everything it writes is in a temporary folder and gone at the end."""
    with tempfile.TemporaryDirectory(prefix="exp-pushgateway-") as folder:
        log_path = pathlib.Path(folder) / "log"
        with log_path.open("w") as log:
            process = subprocess.Popen(
                # Where it keeps its groups, or it begins with those of an earlier run: packages have a file of their own for them.
                ["prometheus-pushgateway", "--web.listen-address=127.0.0.1:0", f"--persistence.file={folder}/groups"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        try:
            def listens_on():
                if process.poll() is not None:
                    raise SystemExit(f"prometheus-pushgateway ended\n{log_path.read_text()}")
                found = re.search(r'(?:address|listen_address)="?(127\.0\.0\.1:[1-9]\d*)', log_path.read_text())
                return found and found[1]

            address = poll(listens_on, START_SECONDS)
            if not address:
                raise SystemExit(f"prometheus-pushgateway did not become ready\n{log_path.read_text()}")
            yield Gateway(address)
        finally:
            stop(process, STOP_SECONDS)


def work(binary, server, rounds):
    """A worker's life with so many rounds of requests: its tally by family, its exit code, its log."""
    with exp.running(binary, "--trust-front-door", "--pushgateway", server.url) as worker:
        tally = Tally()
        for _ in range(rounds):
            tally.ask(worker)
        # Not all of these are seen by whoever looks now: the worker pushes each 15 s, and at its end.
        code, _ = worker.stop()
        asked = Counter({(("url_path", path),): count for path, count in worker.asked.items()})
        return dict(zip(FAMILIES, (asked, tally.deliveries, tally.values))), code, worker.log()


def main():
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    with bounded(SECONDS), gateway() as server:
        lives = []
        for rounds in (1, 2):
            counted, code, log = work(binary, server, rounds)
            checks.equal("exit code after SIGTERM", code, 0)
            checks.equal("warnings in the log", log, "")
            lives.append(counted)
        for family in FAMILIES:
            expected = sorted((dict(counted[family]) for counted in lives), key=lambda counts: sum(counts.values()))
            for what, groups in (("page", server.shown(family)), ("API", server.stored(family))):
                found = sorted(groups.values(), key=lambda counts: sum(counts.values()))
                checks.equal(f"groups with {family} on the {what}", len(found), len(expected))
                for place, (one, other) in enumerate(zip(found, expected), start=1):
                    checks.equal(f"{family} of process life {place} on the {what}", one, other)
        page = server.get("/metrics")
        failed = [count for labels, count in samples_of(page, "push_failure_time_seconds") if labels]
        checks.equal("groups with a push that the gateway refused", [time for time in failed if time], [])
        checks.equal("target_info", page.count("\ntarget_info{"), len(lives))
        for group in json.loads(server.get("/api/v1/metrics"))["data"]:
            info = group["target_info"]["metrics"][0]["labels"]
            checks.equal("service_instance_id of the group", info["service_instance_id"], group["labels"]["instance_id"])
            checks.equal("job of the group", group["labels"]["job"], "exp-worker")
        print(f"       {len(PATHS)} paths, {sum(lives[1][FAMILIES[0]].values())} requests in the longer life")
    return checks.finish()


def samples_of(page, family):
    """Labels and value of every sample of a gauge of the gateway's own."""
    return [(labels, float(value)) for labels, value in re.findall(rf"(?m)^{family}\{{(.*)\}} (\S+)$", page)]


if __name__ == "__main__":
    if len(sys.argv) != 1:
        sys.exit("usage: pushgateway.py")
    if shutil.which("prometheus-pushgateway") is None:
        sys.exit("prometheus-pushgateway is not installed; it is in the Debian package of that name")
    sys.exit(main())
