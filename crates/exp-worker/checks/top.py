#!/usr/bin/env python3
"""The view in a terminal shows exactly what a worker counted: `exp-worker top` in a real terminal, and through a pipe.

A release worker is started, `exp-worker top` watches it in tmux, requests are made, and what stands on the screen must agree with the tally of this
script, to the unit. Every key is pressed; the worker is killed and started again; the window is made small; the shell's screen must be there again
at every end. Screens are kept in target/top. Needs cargo and tmux.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys

sys.dont_write_bytecode = True

from checks import Checks  # noqa: E402
from deadline import bounded, poll  # noqa: E402
from terminal import PROMPT, terminal  # noqa: E402
import worker as exp  # noqa: E402

BUILD_SECONDS = 1_200
SECONDS = 180
SEEN_SECONDS = 15
REPORT_SECONDS = 30
RUN_TIME = "/api/v1/run-time"
KEPT = exp.WORKSPACE / "target" / "top"
# A path that turns the direction of writing, one with a character of two columns, one that is longer than its column.
HOSTILE = {"/\u202eevil": "/‹U+202E›evil", "/日本": "/日本", "/" + "x" * 300: None}


class Watch:
    """Looks at a screen until it shows what is expected, and counts what was found."""

    def __init__(self, checks, shell, binary):
        self.checks = checks
        self.shell = shell
        self.binary = binary

    def sees(self, what, pattern):
        """One check: the screen comes to match."""
        found = poll(lambda: self.shell.has(pattern), SEEN_SECONDS)
        if not self.checks.equal(what, bool(found), True):
            print(self.shell.text())
        return found

    def equal(self, what, question, expected):
        """One check: the answer comes to be what is expected."""
        answers = []
        poll(lambda: answers.append(question()) or answers[-1] == expected, SEEN_SECONDS)
        if not self.checks.equal(what, answers[-1], expected):
            print(self.shell.text())

    def rows(self, column=1):
        """`{label: number}` of the table on the screen: of its first column of numbers, or a later one."""
        lines = self.shell.screen()
        heads = [number for number, line in enumerate(lines) if re.search(r"Rate/s", line)]
        rows = {}
        for line in lines[heads[0] + 1:] if heads else []:
            cells = re.split(r"\s{2,}", line.strip())
            if len(cells) > column and re.fullmatch(r"[+−]?[\d,]+", cells[column]):
                rows[cells[0]] = cells[column]
        return rows

    def last_column(self):
        return {label: line for label, line in self.rows(-1).items()}

    def total(self, name):
        found = self.shell.has(rf"^{name}\s+([\d,]+)")
        return found and int(found[1].replace(",", ""))

    def keep(self, name):
        """Keeps the screen for people."""
        KEPT.mkdir(parents=True, exist_ok=True)
        (KEPT / f"{name}.txt").write_text(self.shell.text())


def asked(worker, views):
    """The tally of all requests: this script's, and of each view its stream, its history and its health document."""
    paths = dict(worker.asked)
    for path in ("/events", "/history", "/api/health"):
        paths[path] = paths.get(path, 0) + views
    return {path: str(count) for path, count in paths.items()}


def tables(watch, worker):
    """What each table shows, and each key does."""
    shell = watch.shell
    for _ in range(7):
        worker.get(f"{RUN_TIME}?for=api")
    for _ in range(2):
        worker.get("/api/v1/build-time?for=api", (("X-Exp-Target", "api"),))
    worker.get("/nowhere")
    watch.sees("who: name, version, environment", r"^exp-worker \d+\.\d+\.\d+ · testing")
    watch.sees("who: process", rf"process {worker.process_id} · instance [0-9a-f-]{{36}}")
    watch.equal("total of requests", lambda: watch.total("Requests"), sum(worker.asked.values()) + 3)
    watch.equal("requests by path", watch.rows, asked(worker, 1))
    watch.equal("total of deliveries", lambda: watch.total("Deliveries"), 9)
    watch.sees("live, with its snapshot and its age", r"LIVE  #\d+ at \d\d:\d\d:\d\d UTC  \d\.\d s old")
    watch.sees("a rate and its line", r"^Requests .* /s +[▁▂▃▄▅▆▇█ ]*[▂▃▄▅▆▇█]")
    watch.keep("paths_80x24")
    shell.keys("Tab")
    watch.equal("deliveries by endpoint", watch.rows, {"run-time": "7", "build-time": "2"})
    shell.keys("3")
    watch.equal("deliveries by target", watch.rows, {"api": "9"})
    shell.keys("4")
    watch.equal("deliveries by caller", watch.rows, {"local:api": "9"})
    values = watch.total("Values")
    shell.keys("5")
    shell.resize(80, 40)  # for all the names
    watch.equal("values by name add up to their total",
                lambda: sum(int(count.replace(",", "")) for count in watch.rows().values()), values)
    shell.resize(80, 24)
    shell.keys("6")
    watch.sees("pivot", r"^local:api +9 +9\b")
    shell.keys("x", "x", "x", "x")
    watch.sees("pivot turned", r"Responses by endpoint × target(.|\n)*^run-time +7 +7\b(.|\n)*^build-time +2 +2\b")
    shell.keys("v")
    watch.sees("pivot of values", rf"Values by endpoint")
    watch.keep("pivot_80x24")
    shell.keys("n")
    watch.sees("pivot narrowed", r"caller local:api only")
    shell.keys("f")
    watch.sees("pivot since the view was opened", r"since opened")
    shell.keys("7")
    watch.sees("the past", r"Requests in the last 60 s: most [\d.]+ /s")
    watch.sees("what was busiest since the view was opened", rf"^Busiest paths, at least: last 60 s until (.|\n)*^ +7  {RUN_TIME}$")
    shell.keys("t")
    watch.sees("the past, by minutes", r"Requests in the last 60 min")
    shell.keys("t", "t", "8")
    watch.sees("limits and cost", r"Snapshot #\d+ took [\d.]+ (µs|ms)")
    watch.sees("occupancy", r"^\d+ of 10,000 series of requests in use")


def copies(watch, worker):
    """What is copied is what the worker's own documents say, and what is asked of Prometheus is asked exactly so."""
    shell, checks = watch.shell, watch.checks
    shell.keys("1", "p")
    paused = int(watch.sees("paused to copy", r"PAUSED  #(\d+)")[1])
    _, body = worker.get("/snapshot")
    snapshot = json.loads(body)
    whole = json.loads(copied(watch, "y"))
    checks.equal("whose copy", whole["instanceId"], snapshot["process"]["instanceId"])
    checks.equal("of which snapshot", whole["sequence"], paused)
    checks.equal("of which window", whole["windowStartedAt"], snapshot["window"]["startedAt"])
    checks.equal("copied rows", {row["label"]: f"{row['count']:,}" for row in whole["rows"]}, watch.rows())
    watch.sees("what was copied", rf"^Copied {len(whole['rows'])} rows of #{paused} as JSON, [\d.]+ (bytes|kB)\. If nothing is there: see \?$")
    only = f'and on (job, instance) target_info{{service_instance_id="{whole["instanceId"]}"}}'
    checks.equal("a table as PromQL", copied(watch, "Y"), f"sum by (url_path) (rate(exp_http_requests_total[5m]) {only})")
    shell.keys("/")
    shell.keys("-l", "NO.WHERE")
    shell.keys("Enter")
    checks.equal("a filter as PromQL", copied(watch, "Y"), f'sum by (url_path) (rate(exp_http_requests_total{{url_path=~"(?i).*NO\\\\.WHERE.*"}}[5m]) {only})')
    checks.equal("rows that a filter leaves, copied", json.loads(copied(watch, "y"))["rows"], [])
    shell.keys("Escape")
    watch.sees("the filter is cleared", r"^\? help")
    shell.keys("g")
    checks.equal("a row as PromQL", copied(watch, "Y"), f'sum by (url_path) (rate(exp_http_requests_total{{url_path="{RUN_TIME}"}}[5m]) {only})')
    checks.equal("the selected row, copied", [row["label"] for row in json.loads(copied(watch, "y"))["rows"]], [RUN_TIME])
    shell.keys("Escape")
    watch.sees("the selection is cleared", r"^\? help")
    shell.keys("p", "6", "f", "v")
    watch.sees("the pivot, narrowed as it was left", r"^Responses by endpoint × target, caller local:api only, since start")
    pivot = json.loads(copied(watch, "y"))["pivot"]
    cells = {(cell["endpoint"], cell["target"]): cell["count"] for cell in pivot["cells"]}
    delivered = {(one["endpoint"], one["target"]): one["responses"] for one in snapshot["deliveries"]["series"]}
    checks.equal("cells of the pivot, copied", cells, delivered)
    checks.equal("a pivot as PromQL", copied(watch, "Y"),
                 f'sum by (config_endpoint, config_target) (rate(exp_config_deliveries_total{{caller="local:api",otel_metric_overflow=""}}[5m]) {only})')
    shell.keys("8", "y")
    watch.sees("nothing is copied of the limits", r"^Only tables 1 to 6 are copied")


def copied(watch, key):
    """What a key copies."""
    watch.shell.forget_copies()
    watch.shell.keys(key)
    return poll(watch.shell.clipboard, SEEN_SECONDS)


def keys(watch, worker):
    """What one asked once more of the history: it is counted, too. So these checks compare differences."""
    shell = watch.shell
    shell.keys("1", "/")
    shell.keys("-l", "WHERE")
    watch.equal("rows that a filter leaves", watch.rows, {"/nowhere": "1"})
    shell.keys("C-u")
    shell.paste("/now\nhere")
    watch.sees("a paste is typed, and its line end is no key", r"^Filter: /nowhere +Enter keeps")
    watch.equal("rows that a pasted filter leaves", watch.rows, {"/nowhere": "1"})
    shell.keys("Enter", "j", "Enter")
    watch.sees("all of a row", r"Row \(Esc closes\)(.|\n)*│ /nowhere")
    shell.keys("Escape")
    poll(lambda: not shell.has(r"Row \(Esc"), SEEN_SECONDS)
    shell.keys("Escape")
    watch.sees("no filter any more", rf"^{RUN_TIME} ")
    shell.keys("Escape", "s")
    watch.sees("sorted by the next column", r"Rate/s▼")
    shell.keys("S")
    watch.sees("the other way round", r"Rate/s▲")
    shell.keys("h", "h")
    watch.sees("sorted by label", r"^Path▲")
    shell.keys("l")
    watch.sees("sorted by count", r"Requests▼")
    shell.keys("?")
    watch.sees("help", r"Keys \(Esc closes")
    shell.keys("q")
    watch.equal("help is closed by q", lambda: bool(shell.has(r"Keys \(Esc closes")), False)

    shell.keys("p")
    watch.sees("paused", r"PAUSED")
    paused = watch.total("Requests")
    shell.keys("m")
    watch.sees("a mark", r"Mark$")
    for _ in range(4):
        worker.get(f"{RUN_TIME}?for=website")
    watch.sees("newer snapshots while paused", r"PAUSED  #\d+ \+[2-9] newer")
    watch.equal("total while paused", lambda: watch.total("Requests"), paused)
    shell.keys("p")
    watch.equal("total after the pause", lambda: watch.total("Requests"), paused + 4)
    watch.equal("requests since the mark", lambda: watch.last_column().get(RUN_TIME), "+4")
    watch.keep("mark_80x24")
    shell.keys("M")
    watch.equal("the mark is forgotten", lambda: bool(shell.has(r"Mark$")), False)


def sizes(watch, worker):
    """Hostile labels, and other sizes."""
    shell = watch.shell
    for path in HOSTILE:
        worker.get(path.encode())
    for path, shown in HOSTILE.items():
        if shown:
            watch.equal(f"hostile path {shown}", lambda shown=shown: watch.rows().get(shown), "1")
    watch.sees("a long path is cut", r"^/x+…  +1 ")
    total = watch.total("Requests")
    # What is seen at no other size of these.
    for width, height, layout in (
        (120, 40, r"^exp-worker (.|\n)* 5 Names \(\d+\)  ?6 Pivot"), (40, 12, r"^exp-worker .*LIVE  #\d+  \d\.\d s old$(.|\n)* of 8: Tab, 1 … 8$"),
        (20, 6, r"^exp-w.* LIVE  #\d+$"), (10, 3, r"^Needs 20"),
    ):
        shell.resize(width, height)
        watch.sees(f"layout at {width} × {height}", layout)
        watch.equal(f"lines at {width} × {height}", lambda: len(shell.screen()) - 1, height)
        if width >= 20:
            watch.equal(f"total at {width} × {height}", lambda: watch.total("Requests"), total)
            watch.keep(f"paths_{width}x{height}")
    shell.resize(80, 24)
    watch.sees("layout at 80 × 24 again", r" 1 Paths \(\d+\) 2 Endpoints 3 Targets")
    watch.equal("total at 80 × 24 again", lambda: watch.total("Requests"), total)


def outage(watch, binary, worker):
    """The worker is killed, and another one takes its place."""
    shell, port = watch.shell, worker.port
    total = watch.total("Requests")
    worker.kill()
    watch.sees("gone, for how long and since when", r"^GONE for \d+\.\d s, since \d\d:\d\d:\d\d UTC\. Shown is #\d+")
    watch.sees("the reason", r"^no connection to http://127\.0\.0\.1:\d+ \(.*refused")
    watch.equal("the last numbers are still shown", lambda: watch.total("Requests"), total)
    watch.keep("gone_80x24")
    with exp.running(binary, port=port) as other:
        other.get("/again")
        shell.keys("r")
        watch.sees("another process is told", rf"^ANOTHER PROCESS: {other.process_id} took the place of {worker.process_id}\.")
        watch.equal("its requests", watch.rows, asked(other, 1))
        watch.sees("since start, not since opened", r"\+4 since start")
        watch.sees("no rate of what the one before delivered", r"^Deliveries +0 +0\.0 /s")
        watch.sees("live again", "LIVE")
        watch.keep("restarted_80x24")
        shell.keys("Escape")
        watch.equal("the notice is gone once it is noted", lambda: bool(shell.has("ANOTHER")), False)
        os.kill(other.process_id, signal.SIGSTOP)
        try:
            watch.sees("silent", r"^SILENT for ")
        finally:
            os.kill(other.process_id, signal.SIGCONT)
        watch.sees("back", r"^BACK, the same process, after \d+\.\d s\.")
        ends(watch, other)
        reports(watch.checks, binary, other)
    code = report(binary, worker.address).returncode
    watch.checks.equal("exit code of a report of nobody", code, 1)


def ends(watch, worker):
    """However the view ends, the shell has its screen and its settings again."""
    shell, checks = watch.shell, watch.checks
    shell.keys("C-z")
    watch.sees("suspended", r"Stopped")
    watch.equal("the shell's screen while suspended", lambda: bool(shell.has("before the view")), True)
    shell.line("fg; echo ended with $?")
    watch.sees("it goes on", r"LIVE  #")
    shell.keys("q")
    is_shell(watch, "q", 0)
    shell.line(f"bash -c '$EXP_WORKER top http://{worker.address}; echo script went on'")
    watch.sees("watching in a script", r"LIVE  #")
    shell.keys("C-z")
    watch.sees("the whole script is suspended", r"Stopped +bash -c")
    shell.line("fg")
    watch.sees("the script goes on", r"LIVE  #")
    shell.keys("q")
    watch.sees("the script's end", r"^script went on$")
    with shell.window(f"exec {watch.binary} top http://{worker.address}"):
        watch.sees("watching without a shell", r"LIVE  #")
        shell.keys("C-z")
        watch.sees("nothing is suspended where no shell could go on", r"^There is no shell to go back to\.$")
        watch.sees("it still watches", r"LIVE  #\d+ at \d\d:\d\d:\d\d UTC  [01]\.\d s old")
    for name, number in (("SIGTERM", 15), ("SIGINT", 2), ("SIGHUP", 1)):
        start(watch, worker)
        watch.sees(f"watching before {name}", r"LIVE  #")
        os.kill(shell.child(), number)
        is_shell(watch, name, 128 + number)
    start(watch, worker)
    watch.sees("watching before Ctrl-C", r"LIVE  #")
    shell.keys("C-c")
    is_shell(watch, "Ctrl-C", 0)
    checks.equal("processes that are left", shell.child(), None)


def is_shell(watch, end, code):
    watch.sees(f"exit code by {end}", rf"^ended with {code}$")
    watch.sees(f"the shell's screen after {end}", r"before the view")
    watch.shell.line("stty -g | sha256sum | cut -c-16; echo settings")
    found = watch.sees(f"the shell answers after {end}", r"^([0-9a-f]{16})\nsettings$")
    watch.checks.equal(f"settings of the terminal after {end}", found and found[1], watch.settings)


def start(watch, worker):
    watch.shell.line("clear")
    watch.shell.line("stty -g | sha256sum | cut -c-16; echo before the view")
    found = poll(lambda: watch.shell.has(r"^([0-9a-f]{16})\nbefore the view$"), SEEN_SECONDS)
    watch.settings = found and found[1]
    watch.shell.line(f"$EXP_WORKER top http://{worker.address}/live; echo ended with $?")


def report(binary, address, *arguments):
    # What a worker would be told by a variable is none of a view's business.
    return subprocess.run([binary, "top", f"http://{address}", *arguments], env={"EXP_LISTEN": "no address"}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=REPORT_SECONDS)


def reports(checks, binary, worker):
    """What comes through a pipe."""
    done = report(binary, worker.address)
    checks.equal("exit code of a report", done.returncode, 0)
    checks.equal("errors of a report", done.stderr, "")
    rows = dict(re.findall(r"^ +([\d,]+) +[\d.]+% +(/again)$", done.stdout, re.MULTILINE))
    checks.equal("a row of a report", rows, {"1": "/again"})
    checks.equal("whose report", f"process      {worker.process_id}\n" in done.stdout, True)
    total = re.search(r"^requests +([\d,]+)", done.stdout, re.MULTILINE)
    paths = re.findall(r"^ +([\d,]+) +[\d.]+% +/", done.stdout, re.MULTILINE)
    checks.equal("total of a report is that of its rows", total and int(total[1]), sum(map(int, paths)))
    checks.equal("escape sequences in a report", "\x1b" in done.stdout, False)
    wrong = report(binary, worker.address, "--interval", "0")
    checks.equal("exit code of wrong usage", wrong.returncode, 2)
    refused = report(binary, f"{worker.address}/api")
    checks.equal("exit code of a report of something else", refused.returncode, 1)
    checks.equal("its remedy", bool(re.search(r"it answers 404.*remedy:", refused.stderr)), True)


def main():
    checks = Checks()
    with bounded(BUILD_SECONDS):
        binary = exp.build()
    with bounded(SECONDS), terminal(80, 24, {"EXP_WORKER": binary}) as shell:
        watch = Watch(checks, shell, binary)
        poll(lambda: shell.has(re.escape(PROMPT.strip())), SEEN_SECONDS)
        with exp.running(binary, "--environment", "testing") as worker:
            start(watch, worker)
            tables(watch, worker)
            copies(watch, worker)
            keys(watch, worker)
            sizes(watch, worker)
            outage(watch, binary, worker)
    return checks.finish()


if __name__ == "__main__":
    if len(sys.argv) != 1:
        sys.exit("usage: top.py")
    if shutil.which("tmux") is None:
        sys.exit("tmux is not installed; it is in the Debian package of that name")
    sys.exit(main())
