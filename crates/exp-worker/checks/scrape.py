#!/usr/bin/env python3
"""What a real Prometheus server stores is what the release worker counted, hostile labels included.

The server scrapes every second while requests with quotes, backslashes and every kind of letter in paths and caller
names are made. Once it has seen them all, every series must agree, to the unit, with the tally of this script and with the
health document. `promtool check metrics` then reads the page: findings are printed, a page that it cannot parse fails. Needs
cargo, prometheus and promtool.
"""

import json
import shutil
import subprocess
import sys
import time
from collections import Counter

sys.dont_write_bytecode = True

from checks import Checks  # noqa: E402
from deadline import bounded, poll  # noqa: E402
from prometheus import JOB, scraping  # noqa: E402
import worker as exp  # noqa: E402

BUILD_SECONDS = 1_200
SECONDS = 180
SCRAPED_SECONDS = 60
# Requests go on until this many scrapes were stored, so that scrapes fall between requests.
SCRAPES_MEANWHILE = 3
LINT_SECONDS = 30
# `promtool check metrics` ends with this when it could parse the page and has findings.
LINT_FINDINGS = 3

# Each is asked for as it stands, some percent-encoded and some not: what the worker counts is the path on the wire.
PATHS = [
    "/plain", "/%22quoted%22", "/back%5Cslash", "/%0Aline%0Dfeed", "/%00nul", "/%C3%A9%F0%9F%98%80", "/%E2%80%AE",
    "/not-utf-8-%FF", "/%", "/a%2Fb", "/a/../b", "//", '/"', "/\\", '/\\"', "/\\n", '/"}', '/x",y="z', "/{job}", "/é",
    "/e\u0301", "/\u202eltr", "/😀", "/\u2028line", "/__overflow__x",
]
# The caller label is the header's value, trimmed and lower-cased.
CALLERS = [
    "plain", 'Quote " Quote', "Back\\Slash", "\\n", '\\"', "trailing\\", "ÉCOLE", "e\u0301", "ΌΣΟΣ", "😀", "tab\tinside",
    '",config_name="forged', "} 1", "# HELP",
]
# Route, query, endpoint label, target label. The document or key that is delivered says how many values it has.
DELIVERIES = [
    ("run-time", "for=api", "api"), ("run-time", "for=website", "website"), ("build-time", "for=api", "api"),
    ("config", "name=Auth:JWT:Issuer", "website"),
]


class Tally:
    """What this script asked for."""

    def __init__(self):
        self.deliveries = Counter()
        self.values = Counter()
        self.statuses = Counter()

    def ask(self, worker):
        """Makes a round of requests; how often each is made differs, so that no two series can be mistaken for each other."""
        for times, path in enumerate(PATHS, start=1):
            for _ in range(times):
                self.statuses[worker.get(path.encode())[0]] += 1
        for times, caller in enumerate(CALLERS, start=1):
            for endpoint, query, target in DELIVERIES[: 1 + times % len(DELIVERIES)]:
                for _ in range(times):
                    self.statuses[self._deliver(worker, endpoint, query, target, caller)] += 1

    def _deliver(self, worker, endpoint, query, target, caller):
        headers = [("X-MS-CLIENT-PRINCIPAL-ID", caller), ("X-Exp-Target", target)]
        status, body = worker.get(f"/api/v1/{endpoint}?{query}", headers)
        document = json.loads(body)
        labels = {"config_endpoint": endpoint, "config_target": target, "caller": caller.strip().lower()}
        self.deliveries[key(labels)] += 1
        for name in document.get("values", [document.get("name")]):
            self.values[key({**labels, "config_name": name})] += 1
        return status


def key(labels):
    return tuple(sorted(labels.items()))


def matcher(labels):
    """Labels as a PromQL selector; a JSON string is a PromQL string."""
    return "{" + ",".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in labels) + "}"


def ask_between_scrapes(server, worker, tally):
    """Makes rounds of requests until several scrapes were stored; how many rounds."""
    rounds = 0
    end = time.monotonic() + SCRAPED_SECONDS
    while rounds == 0 or (time.monotonic() < end and (server.number("count_over_time(up[1h])") or 0) < SCRAPES_MEANWHILE):
        tally.ask(worker)
        rounds += 1
    return rounds


def check_stored(checks, server, worker, tally):
    """Waits for a scrape that has seen all requests, and compares everything that it stored."""
    asked = {key({"url_path": path}): count for path, count in worker.asked.items()}
    others = 'sum(exp_http_requests_total{url_path!="/metrics"})'

    def scrape_with_all():
        at = server.number("timestamp(up)")
        up = at and server.number("up", at)
        return at if up == 1 and server.number(others, at) == sum(asked.values()) else None

    at = poll(scrape_with_all, SCRAPED_SECONDS, interval=0.2)
    if at is None:
        checks.fail(f"no scrape with {sum(asked.values())} requests within {SCRAPED_SECONDS} s: "
                    f"up is {server.number('up')}, the sum {server.number(others)}, errors {server.scrape_errors()}")
        return
    # From here on every question is about the instant of that scrape, so that no later one can mix in.
    by_path = server.query("exp_http_requests_total", at)
    scrapes = by_path.pop(key({"url_path": "/metrics"}), None)
    checks.equal("up", server.number("up", at), 1)
    checks.equal("exp_http_requests_total by path", by_path, asked)
    checks.equal("requests of /metrics, each scrape having counted itself", scrapes,
                 server.number(f'count_over_time(up{{job="{JOB}"}}[1h])', at))
    checks.equal("sum of exp_http_requests_total", server.number("sum(exp_http_requests_total)", at),
                 sum(asked.values()) + scrapes)
    checks.equal("exp_config_deliveries_total", server.query("exp_config_deliveries_total", at), dict(tally.deliveries))
    checks.equal("exp_config_values_served_total", server.query("exp_config_values_served_total", at), dict(tally.values))
    for family, expected in [("exp_config_deliveries_total", tally.deliveries), ("exp_config_values_served_total", tally.values)]:
        found = {labels: server.number(family + matcher(labels), at) for labels in expected}
        checks.equal(f"{family}, each series selected by its labels", found, dict(expected))
    checks.equal("series of exp_http_requests_total that ever fell",
                 server.query("resets(exp_http_requests_total[1h]) > 0", at), {})
    checks.equal("sum of exp_series_overflow_total", server.number("sum(exp_series_overflow_total)", at), 0)
    checks.equal("labels that Prometheus had to rename",
                 list(server.query('{__name__=~"exp_.*|target_info",exported_job!=""}', at)
                      | server.query('{__name__=~"exp_.*|target_info",exported_instance!=""}', at)), [])
    checks.equal("series of target_info", len(server.query("target_info", at)), 1)
    checks.equal("errors of scrapes", server.scrape_errors(), [])
    checks.equal("warnings of the server", server.complaints(), [])

    health = json.loads(worker.get("/api/health")[1])
    counted = {key({"url_path": path}): count for path, count in health["requestsByPath"].items()
               if path not in ("/metrics", "/api/health")}
    checks.equal("requestsByPath of the worker", counted, asked)
    checks.equal("configResponsesServed of the worker", health["configResponsesServed"], tally.deliveries.total())
    checks.equal("configValuesServed of the worker", health["configValuesServed"], tally.values.total())
    print(f"       {sum(asked.values())} requests in {len(asked)} series, {tally.deliveries.total()} deliveries in "
          f"{len(tally.deliveries)}, {tally.values.total()} values in {len(tally.values)}, seen after {scrapes:.0f} scrapes")


def check_page(checks, worker):
    """Lets promtool parse and lint the page."""
    status, page = worker.get("/metrics")
    checks.equal("status of /metrics", status, 200)
    lint = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, timeout=LINT_SECONDS)
    for line in (lint.stdout + lint.stderr).decode(errors="replace").splitlines():
        print(f"       promtool: {line}")
    checks.equal("the page is parsed by promtool", lint.returncode in (0, LINT_FINDINGS), True)


def main():
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    with bounded(SECONDS), exp.running(binary, "--trust-front-door") as worker:
        with scraping(worker.port) as server:
            tally = Tally()
            rounds = ask_between_scrapes(server, worker, tally)
            unknown = rounds * sum(range(1, len(PATHS) + 1))
            checks.equal("statuses", dict(tally.statuses), {404: unknown, 200: tally.deliveries.total()})
            check_stored(checks, server, worker, tally)
        check_page(checks, worker)
        code, summary = worker.stop()
        checks.equal("exit code after SIGTERM", code, 0)
        checks.equal("final summary begins with", summary[:7], "served ")
        checks.equal("warnings in the log", worker.log(), "")
    return checks.finish()


if __name__ == "__main__":
    if len(sys.argv) != 1:
        sys.exit("usage: scrape.py")
    for tool in ("prometheus", "promtool"):
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed; it is in the Debian package prometheus")
    sys.exit(main())
