"""Those who look: scrapers that ask again and again, and viewers of events. Each checks all that it gets, and knows how often it asked."""

import http.client
import json
import threading
from collections import Counter

from exposition import total

ANSWER_SECONDS = 10
PATHS = ["/metrics", "/snapshot", "/api/health"]
REST_SECONDS = 0.05


class Observer(threading.Thread):
    """Asks one worker that hands out documents of so many values. `asked` counts its answered requests by path; `faults` says what was not as it must be."""

    def __init__(self, port, values):
        super().__init__(daemon=True)
        self.asked = Counter()
        self.faults = []
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
        self._values = values
        self._last = 0

    def run(self):
        try:
            self._observe()
        except Exception as error:
            self.faults.append(repr(error))
        finally:
            self._connection.close()

    def _get(self, path):
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise ValueError(f"{path} is answered with {answer.status}")
        self.asked[path] += 1
        return answer

    def _check(self, what, responses, values):
        if values != self._values * responses:
            self.faults.append(f"{what}: {values} values in {responses} responses")

    def _look(self, document):
        """A snapshot document: whole deliveries only, sums that are right, newer than the last one."""
        deliveries, requests = document["deliveries"], document["requests"]
        self._check(f"snapshot {document['sequence']}", deliveries["responsesTotal"], deliveries["valuesTotal"])
        sums = [(requests["total"], requests["series"], "count"), (deliveries["responsesTotal"], deliveries["series"], "responses"),
                (deliveries["valuesTotal"], deliveries["values"], "count")]
        for whole, parts, count in sums:
            if whole != sum(part[count] for part in parts):
                self.faults.append(f"snapshot {document['sequence']}: {whole} is not the sum of {parts}")
        if document["sequence"] < self._last:
            self.faults.append(f"snapshot {document['sequence']} comes after {self._last}")
        self._last = document["sequence"]


class Scraper(Observer):
    """Asks for the page, the snapshot and the health document in turn, until it is stopped."""

    def __init__(self, port, values):
        super().__init__(port, values)
        self.stopped = threading.Event()

    def _observe(self):
        while not self.stopped.wait(REST_SECONDS):
            path = PATHS[sum(self.asked.values()) % len(PATHS)]
            body = self._get(path).read().decode()
            if path == "/metrics":
                self._check(path, total(body, "exp_config_deliveries_total"), total(body, "exp_config_values_served_total"))
            elif path == "/snapshot":
                self._look(json.loads(body))
            else:
                health = json.loads(body)
                self._check(path, health["configResponsesServed"], health["configValuesServed"])


class Viewer(Observer):
    """Watches until the worker ends the stream. `frames` is how many snapshots it saw, of how many `windows`."""

    def __init__(self, port, values):
        super().__init__(port, values)
        self.frames = 0
        self.windows = set()

    def _observe(self):
        stream = self._get("/events")
        for line in stream:
            if line.startswith(b"data:"):
                document = json.loads(line.removeprefix(b"data:"))
                self._look(document)
                self.frames += 1
                self.windows.add(document["window"]["id"])
