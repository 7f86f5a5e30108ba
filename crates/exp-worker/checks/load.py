#!/usr/bin/env python3
"""Counts are exact under load: `load.py REQUESTS` sends so many requests with ApacheBench to the release worker.

Every answer must be 200, and the health document, the Prometheus page and the final summary must show the load and the few
requests of this script, to the unit. Needs cargo and ab.
"""

import json
import re
import shutil
import sys

sys.dont_write_bytecode = True

from apache_bench import apache_bench  # noqa: E402
from checks import Checks  # noqa: E402
from deadline import bounded  # noqa: E402
from exposition import samples, total  # noqa: E402
import worker as exp  # noqa: E402

PATH = "/api/v1/run-time"
TARGET = "api"
CALLER = f"local:{TARGET}"
BUILD_SECONDS = 1_200
LOAD_SECONDS_AT_LEAST = 60
SLOWEST_REQUESTS_PER_SECOND = 500


def main(requests):
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    seconds = LOAD_SECONDS_AT_LEAST + requests // SLOWEST_REQUESTS_PER_SECOND
    with bounded(seconds + 60), exp.running(binary) as worker:
        report = apache_bench(worker.port, f"{PATH}?for={TARGET}", requests, seconds)
        checks.equal("complete answers", int(report["Complete requests"]), requests)
        checks.equal("failed answers", int(report["Failed requests"]), 0)
        checks.equal("answers other than 2xx", int(report["Non-2xx responses"]), 0)
        print(f"       {float(report['Requests per second']):.0f} requests a second, "
              f"{float(report['Time taken for tests']):.1f} s, {report['Keep-Alive requests']} of them on a kept connection")

        status, body = worker.get("/api/health")
        health = json.loads(body)
        checks.equal("status of /api/health", status, 200)
        checks.equal("requestsServed", health["requestsServed"], requests + 1)
        checks.equal("requestsByPath", health["requestsByPath"], {PATH: requests, "/api/health": 1})
        checks.equal("configResponsesServed", health["configResponsesServed"], requests)

        status, body = worker.get(f"{PATH}?for={TARGET}")
        names = json.loads(body)["values"]
        checks.equal("status of one more document", status, 200)
        print(f"       the document has {len(names)} values")
        deliveries, values = requests, requests * len(names)
        checks.equal("configValuesServed", health["configValuesServed"], values)
        checks.equal("configResponsesByCaller", health["configResponsesByCaller"], {CALLER: deliveries})
        checks.equal("configValuesByCaller", health["configValuesByCaller"], {CALLER: values})
        checks.equal("configValuesByName", health["configValuesByName"], {name: deliveries for name in sorted(names)})

        deliveries, values = deliveries + 1, values + len(names)
        status, body = worker.get("/metrics")
        page = body.decode()
        by_path = {(("url_path", path),): count for path, count in worker.asked.items()}
        by_path[(("url_path", PATH),)] += requests
        labels = {"config_endpoint": "run-time", "config_target": TARGET, "caller": CALLER}
        checks.equal("status of /metrics", status, 200)
        checks.equal("exp_http_requests_total", samples(page, "exp_http_requests_total"), by_path)
        checks.equal("exp_config_deliveries_total", samples(page, "exp_config_deliveries_total"),
                     {tuple(sorted(labels.items())): deliveries})
        checks.equal("sum of exp_config_values_served_total", total(page, "exp_config_values_served_total"), values)
        checks.equal("exp_config_values_served_total", samples(page, "exp_config_values_served_total"),
                     {tuple(sorted({**labels, "config_name": name}.items())): deliveries for name in names})
        checks.equal("sum of exp_series_overflow_total", total(page, "exp_series_overflow_total"), 0)

        code, summary = worker.stop()
        asked = requests + sum(worker.asked.values())
        checks.equal("exit code after SIGTERM", code, 0)
        checks.equal("final summary", re.sub(r"[0-9.]+ s$", "… s", summary),
                     f"served {asked} requests, {deliveries} configuration responses, {values} values in … s")
        checks.equal("warnings in the log", worker.log(), "")
    return checks.finish()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not re.fullmatch(r"[1-9][0-9]{0,8}", sys.argv[1]):
        sys.exit("usage: load.py REQUESTS")
    if shutil.which("ab") is None:
        sys.exit("ab is not installed; it is in the Debian package apache2-utils")
    sys.exit(main(int(sys.argv[1])))
