"""Servers of one's own that scrape workers, and are asked through the query API of Prometheus: Prometheus and VictoriaMetrics."""

import contextlib
import json
import pathlib
import re
import socket
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request

from deadline import poll, stop

START_SECONDS = 30
STOP_SECONDS = 20
ANSWER_SECONDS = 10
JOB = "exp"
# What a server adds to every series.
ADDED_LABELS = {"__name__", "job", "instance", "environment"}

_ONE_WORKER = """\
global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: {job}
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""


class Server:
    """One running server."""

    def __init__(self, address, log_path, complaint):
        self._address = address
        self._log_path = log_path
        self._complaint = re.compile(complaint)

    def vector(self, expression, at=None):
        """An instant query: labels and number of each series."""
        parameters = {"query": expression, **({} if at is None else {"time": repr(at)})}
        answer = self._ask("query", parameters)
        if answer["resultType"] == "scalar":
            return [({}, float(answer["result"][1]))]
        return [(series["metric"], float(series["value"][1])) for series in answer["result"]]

    def query(self, expression, at=None):
        """An instant query: `{labels: number}`, the labels as a sorted tuple of pairs, without those that the server adds."""
        return {
            tuple(sorted(pair for pair in labels.items() if pair[0] not in ADDED_LABELS)): number
            for labels, number in self.vector(expression, at)
        }

    def by(self, expression, *names):
        """An instant query: `{values of the labels of these names: number}`; of one name, the value alone."""
        found = {}
        for labels, number in self.vector(expression):
            values = tuple(labels.get(name, "") for name in names)
            key = values[0] if len(names) == 1 else values
            if key in found:
                raise SystemExit(f"{expression} has several series of {names} = {key}")
            found[key] = number
        return found

    def number(self, expression, at=None):
        """An instant query with one series; none while there is no data."""
        series = self.vector(expression, at)
        return series[0][1] if len(series) == 1 else None

    def rules(self):
        """All rules, as the server has them."""
        return [rule for group in self._ask("rules", {})["groups"] for rule in group["rules"]]

    def scrape_errors(self):
        """The last error of every target that has one."""
        targets = self._ask("targets", {})["activeTargets"]
        return [target["lastError"] for target in targets if target["lastError"]]

    def complaints(self):
        """The lines of its log that are warnings or worse."""
        return [line for line in self._log_path.read_text().splitlines() if self._complaint.search(line)]

    def _ask(self, what, parameters):
        url = f"http://{self._address}/api/v1/{what}"
        form = urllib.parse.urlencode(parameters)
        # Proxies of the environment are none of a loopback server's business.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{url}?{form}" if form else url, timeout=ANSWER_SECONDS) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise SystemExit(f"{what} {parameters} was refused: {error.read().decode(errors='replace')}") from None


def scraping(port):
    """A Prometheus server that scrapes 127.0.0.1:`port` every second."""
    return prometheus({"prometheus.yml": _ONE_WORKER.format(job=JOB, port=port)})


def prometheus(files):
    """A Prometheus server with these files, `{name: text}`, of which `prometheus.yml` is its configuration."""

    def address(log):
        found = re.search(r'msg="Listening on" address=(127\.0\.0\.1:\d+)', log)
        return found and "Server is ready to receive web requests" in log and found[1]

    command = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data", "--web.listen-address=127.0.0.1:0",
               "--log.level=info"]
    return _running(command, files, address, r"level=(warn|error)")


def victoria_metrics(files):
    """A VictoriaMetrics server with these files, `{name: text}`, of which `prometheus.yml` says what it scrapes."""
    # It does not say which port it took, so it is told one that was free a moment ago.
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    command = ["victoria-metrics", "-promscrape.config=prometheus.yml", "-promscrape.config.strictParse=false",
               "-promscrape.fileSDCheckInterval=1s", "-storageDataPath=data", f"-httpListenAddr={address}", "-search.latencyOffset=0s"]
    return _running(command, files, lambda log: "started VictoriaMetrics in" in log and address, r"\t(warn|error|fatal|panic)\t")


@contextlib.contextmanager
def _running(command, files, address_in, complaint):
    """A server that is ready; everything it reads and writes is in a temporary folder and gone at the end."""
    with tempfile.TemporaryDirectory(prefix="exp-server-") as folder:
        folder = pathlib.Path(folder)
        for name, text in files.items():
            (folder / name).write_text(text)
        log_path = folder / "log"
        with log_path.open("w") as log:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            def address():
                if process.poll() is not None:
                    raise SystemExit(f"{command[0]} ended\n{log_path.read_text()}")
                return address_in(log_path.read_text())

            found = poll(address, START_SECONDS)
            if not found:
                raise SystemExit(f"{command[0]} did not become ready\n{log_path.read_text()}")
            yield Server(found, log_path, complaint)
        finally:
            stop(process, STOP_SECONDS)
