"""A Prometheus server of one's own: it scrapes one worker every second, and is asked through its query API."""

import contextlib
import json
import pathlib
import re
import subprocess
import tempfile
import urllib.parse
import urllib.request

from deadline import poll, stop

START_SECONDS = 30
STOP_SECONDS = 20
ANSWER_SECONDS = 10
JOB = "exp"
# What Prometheus adds to every series.
ADDED_LABELS = {"__name__", "job", "instance"}

_CONFIGURATION = """\
global:
  scrape_interval: 1s
  scrape_timeout: 1s
scrape_configs:
  - job_name: {job}
    static_configs:
      - targets: ["127.0.0.1:{port}"]
"""


class Prometheus:
    """One running server."""

    def __init__(self, address, log_path):
        self._address = address
        self._log_path = log_path

    def query(self, expression, at=None):
        """An instant query: `{labels: number}`, the labels as a sorted tuple of pairs, without those that Prometheus adds."""
        parameters = {"query": expression, **({} if at is None else {"time": repr(at)})}
        result = self._ask("query", parameters)["result"]
        return {
            tuple(sorted(pair for pair in series["metric"].items() if pair[0] not in ADDED_LABELS)): float(series["value"][1])
            for series in result
        }

    def number(self, expression, at=None):
        """An instant query with one series; none while there is no data."""
        series = list(self.query(expression, at).values())
        return series[0] if len(series) == 1 else None

    def scrape_errors(self):
        """The last error of every target that has one."""
        targets = self._ask("targets", {})["activeTargets"]
        return [target["lastError"] for target in targets if target["lastError"]]

    def complaints(self):
        """The lines of its log that are warnings or worse."""
        return [line for line in self._log_path.read_text().splitlines() if re.search(r"level=(warn|error)", line)]

    def _ask(self, what, parameters):
        url = f"http://{self._address}/api/v1/{what}"
        form = urllib.parse.urlencode(parameters)
        # Proxies of the environment are none of a loopback server's business.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{url}?{form}" if form else url, timeout=ANSWER_SECONDS) as answer:
            return json.load(answer)["data"]


@contextlib.contextmanager
def scraping(port):
    """A server that scrapes 127.0.0.1:`port`; everything it writes is in a temporary folder and gone at the end."""
    with tempfile.TemporaryDirectory(prefix="exp-scrape-") as folder:
        folder = pathlib.Path(folder)
        (folder / "prometheus.yml").write_text(_CONFIGURATION.format(job=JOB, port=port))
        log_path = folder / "log"
        with log_path.open("w") as log:
            process = subprocess.Popen(
                ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}",
                 "--web.listen-address=127.0.0.1:0", "--log.level=info"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )
        try:
            def listens_on():
                if process.poll() is not None:
                    raise SystemExit(f"prometheus ended\n{log_path.read_text()}")
                text = log_path.read_text()
                found = re.search(r'msg="Listening on" address=(127\.0\.0\.1:\d+)', text)
                return found and "Server is ready to receive web requests" in text and found[1]

            address = poll(listens_on, START_SECONDS)
            if not address:
                raise SystemExit(f"prometheus did not become ready\n{log_path.read_text()}")
            yield Prometheus(address, log_path)
        finally:
            stop(process, STOP_SECONDS)
