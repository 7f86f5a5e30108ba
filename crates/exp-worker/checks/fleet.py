#!/usr/bin/env python3
"""What operators are told holds for a fleet: real servers find the workers, and answer with what was counted.

Four release workers on free ports announce themselves in a folder, and push to a receiver. A real Prometheus server, configured by
docs/operations, finds and scrapes them while ApacheBench loads them. One worker is killed, another is started again on its old port, a new
one takes the dead one's place. Sums, joins and rates by PromQL must agree, to the unit, with what was sent; every shipped rule, every query of the dashboard
and every query of docs/operations.md is evaluated. Then VictoriaMetrics scrapes the same workers, and must answer with what their own pages say.
Needs cargo, prometheus, victoria-metrics and ab.
"""

import contextlib
import json
import pathlib
import re
import shutil
import sys
import tempfile
from collections import Counter

sys.dont_write_bytecode = True

from apache_bench import apache_bench  # noqa: E402
from checks import Checks  # noqa: E402
from dashboard import Dashboard  # noqa: E402
from deadline import bounded, poll  # noqa: E402
from exposition import samples  # noqa: E402
from prometheus import ADDED_LABELS, JOB, prometheus, victoria_metrics  # noqa: E402
from receiver import receiving  # noqa: E402
import worker as exp  # noqa: E402

BUILD_SECONDS = 1_200
SECONDS = 150
SCRAPED_SECONDS = 20
LOAD_SECONDS = 30
DOCUMENTS = exp.WORKSPACE / "docs"
OPERATIONS = DOCUMENTS / "operations"
# How many requests each worker gets of a round: all differ, so that no two workers can be mistaken for each other.
SHARES = [3_000, 2_000, 1_000, 500]
# What ApacheBench asks for: route, query, endpoint label, target label.
LOADS = [("/api/v1/run-time", "for=api", "run-time", "api"), ("/api/v1/build-time", "for=website", "build-time", "website"),
         ("/nowhere", "", None, None)]
# Longer than a label may be, so it is counted in the overflow series.
LONG_PATH = "/" + "x" * 2_000
OVERFLOWING = 3
COUNTERS = ["exp_http_requests_total", "exp_config_deliveries_total", "exp_config_values_served_total"]
# Requests that observers make themselves, and that no two observers see alike.
OBSERVERS = ["/metrics", "/api/health"]
UNOBSERVED = 'url_path!~"/metrics|/api/health"'
# What a dashboard's variables stand for here.
VARIABLES = {"job": JOB, "instance": ".*", "__rate_interval": "1m"}


class Life:
    """One life of a worker, and what was asked of it."""

    def __init__(self, worker):
        self.worker = worker
        self.address = worker.address
        self.requests = Counter()
        self.deliveries = Counter()
        self.values = Counter()

    def load(self, share):
        """Sends each kind of request so many times, less for the later kinds."""
        for divisor, (route, query, endpoint, target) in enumerate(LOADS, start=1):
            count = share // divisor
            full = f"{route}?{query}" if query else route
            report = apache_bench(self.worker.port, full, count, LOAD_SECONDS)
            refused = 0 if endpoint else count
            found = [int(report[line]) for line in ("Complete requests", "Failed requests", "Non-2xx responses")]
            if found != [count, 0, refused]:
                raise SystemExit(f"{full} of {self.address}: complete, failed and refused are {found}")
            self.requests[route] += count
            if endpoint:
                names = json.loads(self.worker.get(full)[1])["values"]
                self.requests[route] += 1
                self.deliveries[(endpoint, target)] += count + 1
                self.values += Counter({name: count + 1 for name in names})
        for _ in range(OVERFLOWING):
            self.worker.get(LONG_PATH)
        # The overflow series has no path.
        self.requests[""] += OVERFLOWING


class Fleet:
    """The lives of all workers, those that ended included, and the folder in which they are announced."""

    def __init__(self, binary, folder, receiver, stack):
        self._binary = binary
        self._folder = folder
        self._pushes = {"OTEL_EXPORTER_OTLP_ENDPOINT": receiver, "OTEL_METRIC_EXPORT_INTERVAL": "1000"}
        self._stack = stack
        self.live = []
        self.ended = []

    def start(self, port=0):
        """Starts one more worker."""
        arguments = ["--discovery-dir", str(self._folder), "--environment", "fleet"]
        worker = exp.running(self._binary, *arguments, port=port, variables=self._pushes)
        self.live.append(Life(self._stack.enter_context(worker)))
        return self.live[-1]

    def end(self, life):
        """Counts a worker among those that ended."""
        self.live.remove(life)
        self.ended.append(life)

    def announced(self):
        """The addresses in the folder's files, sorted."""
        groups = [json.loads(path.read_text()) for path in self._folder.glob("*.json")]
        return sorted(target for group in groups for target in group[0]["targets"])

    def total(self, count):
        """Σ of `count` over all lives, by label."""
        return dict(sum((getattr(life, count) for life in self.live + self.ended), Counter()))


def files(folder):
    """What docs/operations gives a server, with this folder in place of /run/exp and seconds in place of quarter minutes."""
    configuration = (OPERATIONS / "prometheus.yml").read_text()
    for shipped, here in [("/run/exp/", f"{folder}/"), ("15s", "1s"), ("10s", "1s")]:
        if shipped not in configuration:
            raise SystemExit(f"prometheus.yml has no {shipped}")
        configuration = configuration.replace(shipped, here)
    return {"prometheus.yml": configuration, "rules.yml": (OPERATIONS / "rules.yml").read_text()}


def by_address(lives):
    return {life.address: life.requests.total() for life in lives}


def await_requests(checks, server, lives):
    """Waits until scrapes have seen all requests of these workers."""
    asked = by_address(lives)
    addresses = "|".join(map(re.escape, asked)).replace("\\", "\\\\")
    query = f'sum by (instance) (exp_http_requests_total{{{UNOBSERVED},instance=~"{addresses}"}})'
    poll(lambda: server.by(query, "instance") == asked, SCRAPED_SECONDS)
    checks.equal(f"requests of {len(asked)} workers, each by itself", server.by(query, "instance"), asked)


def await_up(checks, server, lives, dead=()):
    """Waits until the server knows exactly these workers."""
    expected = {**{life.address: 1 for life in lives}, **{life.address: 0 for life in dead}}
    poll(lambda: server.by("up", "instance") == expected, SCRAPED_SECONDS)
    checks.equal(f"up of {len(lives)} workers that live and {len(dead)} that do not", server.by("up", "instance"), expected)


def kill_one(checks, server, fleet):
    """Kills a worker whose counts were scraped, and sees it down and still announced."""
    killed = fleet.live[0]
    await_requests(checks, server, [killed])
    killed.worker.kill()
    fleet.end(killed)
    await_up(checks, server, fleet.live, [killed])
    checks.equal("the killed worker is still announced", killed.address in fleet.announced(), True)
    alert = f'ALERTS{{alertname="ExpWorkerDown",instance="{killed.address}"}}'
    checks.equal("alerts that it is down", poll(lambda: len(server.vector(alert)), SCRAPED_SECONDS), 1)


def restart_one(checks, server, fleet):
    """Stops a worker whose counts were scraped, and starts it again under its address."""
    stopped = fleet.live[0]
    await_requests(checks, server, [stopped])
    code, summary = stopped.worker.stop()
    fleet.end(stopped)
    checks.equal("exit code after SIGTERM", code, 0)
    checks.equal("the stopped worker's summary counts its deliveries",
                 f", {stopped.deliveries.total()} configuration responses, " in summary, True)
    checks.equal("the stopped worker is no longer announced", stopped.address in fleet.announced(), False)
    poll(lambda: stopped.address not in server.by("up", "instance"), SCRAPED_SECONDS)
    checks.equal("nor scraped", stopped.address in server.by("up", "instance"), False)
    fleet.start(stopped.worker.port)
    return stopped.address


def check_sums(checks, server, fleet, restarted):
    """Compares sums over the fleet with what was sent, lives that ended included."""
    lives = [life for life in fleet.ended if life.address == restarted]
    checks.equal("resets of the worker that was started again",
                 server.number(f'max(resets(exp_http_requests_total{{{UNOBSERVED},instance="{restarted}"}}[5m]))'), 1)
    # A dead worker's last counts lie in the past. Those of an address that another life took over lie before that.
    before = Counter()
    for life in lives:
        before += life.requests
    past = server.by(f"sum by (url_path) (last_over_time(exp_http_requests_total{{{UNOBSERVED}}}[5m]))", "url_path")
    checks.equal("requests by path, lives that ended included", dict(Counter(past) + before), fleet.total("requests"))
    present = {life.address: life for life in fleet.live}
    for family, labels, count in [
        ("exp_http_requests_total", ["url_path"], "requests"),
        ("exp_config_deliveries_total", ["config_endpoint", "config_target"], "deliveries"),
        ("exp_config_values_served_total", ["config_name"], "values"),
    ]:
        expected = dict(sum((getattr(life, count) for life in present.values()), Counter()))
        selector = f"{{{UNOBSERVED}}}" if count == "requests" else ""
        checks.equal(f"{family} by {', '.join(labels)}",
                     server.by(f"sum by ({', '.join(labels)}) ({family}{selector})", *labels), expected)
    overflow = {(life.address, "requests"): life.requests[""] for life in fleet.live}
    overflow |= {(address, "deliveries"): 0 for address, _ in overflow}
    checks.equal("records that overflowed", server.by("exp_series_overflow_total", "instance", "family"), overflow)
    alerts = 'ALERTS{alertname="ExpOverflowing",alertstate="firing",family="requests"}'

    def unnoticed():
        noticed = {labels["instance"] for labels, _ in server.vector(alerts)}
        return [life.address for life in fleet.live if life.address not in noticed]

    poll(lambda: not unnoticed(), SCRAPED_SECONDS)
    checks.equal("workers that overflow and raise no alert", unnoticed(), [])


def check_identity(checks, server, fleet):
    """Joins with target_info, and what the process takes."""
    join = "{} * on (job, instance) group_left (process_pid, service_version) target_info"
    checks.equal("process IDs, joined to the workers",
                 {address: int(pid) for address, pid in server.by(join.format("up"), "instance", "process_pid")},
                 {life.address: life.worker.process_id for life in fleet.live})
    versions = server.by(f"sum by (service_version) ({join.format(f'exp_http_requests_total{{{UNOBSERVED}}}')})", "service_version")
    checks.equal("requests, summed by version", list(versions.values()), [sum(by_address(fleet.live).values())])
    checks.equal("environments", {labels["environment"] for labels, _ in server.vector("up")}, {"fleet"})
    for family in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes",
                   "process_open_fds", "process_max_fds", "process_threads"]:
        found = server.by(family, "instance")
        checks.equal(f"workers with {family} above 0", sum(value > 0 for value in found.values()), len(fleet.live))
    checks.equal("rate of requests is above 0", (server.number("sum(rate(exp_http_requests_total[1m]))") or 0) > 0, True)


def check_pushes(checks, server, fleet, taken):
    """The receiver got something of every worker, and their pages say so."""
    def arrived():
        return server.by('exp_pushes_total{outcome="acknowledged"} > 0', "instance").keys()

    expected = {life.address for life in fleet.live}
    poll(lambda: arrived() == expected, SCRAPED_SECONDS)
    checks.equal("workers whose pushes arrive", sorted(arrived()), sorted(expected))
    checks.equal("pushes that were given up", server.number('sum(exp_pushes_total{outcome="failed"})'), 0)
    checks.equal("paths that were pushed to", sorted(taken), ["/v1/metrics"])


def check_rules(checks, server):
    """Every rule is evaluated, and every recording rule has something to say."""
    def unevaluated():
        return [rule["name"] for rule in server.rules() if rule["health"] != "ok"]

    poll(lambda: not unevaluated(), SCRAPED_SECONDS)
    rules = server.rules()
    checks.equal(f"rules of {len(rules)} that were not evaluated", unevaluated(), [])
    recording = [rule["name"] for rule in rules if rule["type"] == "recording"]
    poll(lambda: all(server.vector(name) for name in recording), SCRAPED_SECONDS)
    checks.equal(f"recording rules of {len(recording)} without data", [name for name in recording if not server.vector(name)], [])
    return {rule["name"]: rule["query"] for rule in rules}


def check_queries(checks, server, what, queries):
    """Every query has an answer."""
    poll(lambda: all(server.vector(query) for query in queries.values()), SCRAPED_SECONDS)
    empty = [name for name, query in queries.items() if not server.vector(query)]
    checks.equal(f"queries of {what}, {len(queries)} of them, without data", empty, [])


def check_dashboard(checks, server, dashboard):
    """Every query of the dashboard has data, and every variable a value."""
    check_queries(checks, server, "the dashboard", dashboard.expressions(VARIABLES))
    found = {name: bool(server.by(f"group by ({label}) ({expression})", label))
             for name, (expression, label) in dashboard.label_queries(VARIABLES).items()}
    checks.equal("variables of the dashboard that have values", found, {"job": True, "instance": True})


def documented():
    """The blocks of docs/operations.md: the queries by number, and the configuration."""
    blocks = re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", (DOCUMENTS / "operations.md").read_text())
    queries = [line for kind, text in blocks if kind == "promql" for line in text.splitlines() if line and not line.startswith("#")]
    return {f"{number} {query}": query for number, query in enumerate(queries, start=1)}, \
        [text for kind, text in blocks if kind == "yaml"]


def check_victoria_metrics(checks, fleet, folder, rules, dashboard):
    """VictoriaMetrics finds the same workers by the same file, and answers with what their pages say."""
    with victoria_metrics(files(folder)) as server:
        await_up(checks, server, fleet.live)
        await_requests(checks, server, fleet.live)
        for family in COUNTERS:
            expected = {}
            for life in fleet.live:
                for labels, count in samples(life.worker.get("/metrics")[1].decode(), family).items():
                    if dict(labels).get("url_path") not in OBSERVERS:
                        expected[(life.address, labels)] = count
            selector = f"{{{UNOBSERVED}}}" if family == COUNTERS[0] else ""
            found = {
                (labels["instance"], tuple(sorted(pair for pair in labels.items() if pair[0] not in ADDED_LABELS))): number
                for labels, number in server.vector(family + selector)
            }
            checks.equal(f"VictoriaMetrics: {family}, every series", found, expected)
        for name, query in rules.items():
            # An alert that has nothing to say is silent; a query that is not understood ends the check.
            server.vector(query)
        # It was given no rules, so the dashboard's one query of a recorded series is empty.
        queries = {name: query for name, query in dashboard.expressions(VARIABLES).items() if not query.startswith("job:")}
        check_queries(checks, server, "the dashboard, by VictoriaMetrics", queries)
        checks.equal("VictoriaMetrics: errors of scrapes", server.scrape_errors(), [])


def main():
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    dashboard = Dashboard((OPERATIONS / "dashboard.json").read_text())
    checks.equal("faults of the dashboard", dashboard.faults(), [])
    queries, configurations = documented()
    shipped = (OPERATIONS / "prometheus.yml").read_text()
    checks.equal("configurations in operations.md that are not those shipped",
                 [text for text in configurations if text not in shipped], [])
    with bounded(SECONDS), tempfile.TemporaryDirectory(prefix="exp-fleet-") as folder, contextlib.ExitStack() as stack:
        folder = pathlib.Path(folder)
        receiver, taken = stack.enter_context(receiving())
        fleet = Fleet(binary, folder, receiver, stack)
        for _ in SHARES:
            fleet.start()
        checks.equal("announced addresses", fleet.announced(), sorted(life.address for life in fleet.live))
        with prometheus(files(folder)) as server:
            await_up(checks, server, fleet.live)
            for life, share in zip(fleet.live, SHARES, strict=True):
                life.load(share)
            kill_one(checks, server, fleet)
            restarted = restart_one(checks, server, fleet)
            fleet.start()
            await_up(checks, server, fleet.live)
            checks.equal("the killed worker's file is gone: announced are", fleet.announced(),
                         sorted(life.address for life in fleet.live))
            for life, share in zip(fleet.live, SHARES, strict=True):
                life.load(share)
            await_requests(checks, server, fleet.live)
            check_sums(checks, server, fleet, restarted)
            check_identity(checks, server, fleet)
            check_pushes(checks, server, fleet, taken)
            rules = check_rules(checks, server)
            check_dashboard(checks, server, dashboard)
            check_queries(checks, server, "operations.md", queries)
            checks.equal("errors of scrapes", server.scrape_errors(), [])
            checks.equal("warnings of the server", server.complaints(), [])
        check_victoria_metrics(checks, fleet, folder, rules, dashboard)
        sent = sum(fleet.total("requests").values())
        for life in fleet.live:
            code, _ = life.worker.stop()
            checks.equal(f"exit code of {life.address}", code, 0)
        checks.equal("announced at the end", fleet.announced(), [])
        print(f"       {sent} requests to {len(fleet.live) + len(fleet.ended)} workers, {len(rules)} rules, "
              f"{len(dashboard.expressions(VARIABLES))} queries of the dashboard, {len(queries)} of operations.md")
    return checks.finish()


if __name__ == "__main__":
    if len(sys.argv) != 1:
        sys.exit("usage: fleet.py")
    for tool, package in [("prometheus", "prometheus"), ("victoria-metrics", "victoria-metrics"), ("ab", "apache2-utils")]:
        if shutil.which(tool) is None:
            sys.exit(f"{tool} is not installed; it is in the Debian package {package}")
    sys.exit(main())
