#!/usr/bin/env python3
"""Each seeded mistake of faults.toml is caught by the test that it names, and without any of them all these tests pass.

Works in copies of the sources below target/faults; needs cargo. No detector depends on how fast the code is, so as many run side
by side as there are processors, each in a copy of its own. Prints a table of who caught what. An argument restricts the run to the
faults whose names contain it.
"""

import os
import queue
import shutil
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "target" / "faults"
CRATES = ["runtime-identity", "runtime-metrics"]
PROCESSORS = os.cpu_count() or 1
SECONDS = 900


class Failed(Exception):
    """The run itself cannot be made: what to mend is in the text."""


class Copy:
    """The two crates of the core in a workspace of their own, and what is built of them."""

    def __init__(self, name, twin=None):
        """Where this copy has built nothing yet, it begins with what `twin` has."""
        self._tree = FOLDER / name / "tree"
        self._build = FOLDER / name / "build"
        self._sources = self._tree / "crates" / "runtime-metrics" / "src"
        shutil.rmtree(self._tree, ignore_errors=True)
        for crate in CRATES:
            # With new times: what was built last is of a fault.
            shutil.copytree(ROOT / "crates" / crate, self._tree / "crates" / crate, copy_function=shutil.copyfile)
        for name in ["Cargo.lock", "README.md", "clippy.toml"]:
            shutil.copy(ROOT / name, self._tree / name)
        text = (ROOT / "Cargo.toml").read_text()
        members = tomllib.loads(text)["workspace"]["members"]
        listed = "members = [" + ", ".join(f'"{member}"' for member in members) + "]"
        if text.count(listed) != 1:
            raise Failed("Cargo.toml lists its members in a way that this script does not know")
        (self._tree / "Cargo.toml").write_text(text.replace(listed, 'members = ["crates/*"]'))
        if twin and not self._build.exists():
            shutil.copytree(twin._build, self._build)

    def run(self, test):
        """Whether `test` passes, and what it printed. A run in which it does not exist is an error."""
        kind = "modelled" if is_model(test) else "native"
        environment = dict(os.environ, CARGO_TARGET_DIR=str(self._build / kind), RUST_BACKTRACE="0")
        environment["RUSTFLAGS"] = "--cfg runtime_metrics_loom" if is_model(test) else ""
        environment["CARGO_PROFILE_RELEASE_DEBUG"] = "false"
        environment["CARGO_INCREMENTAL"] = "1"
        command = ["cargo", "test", "--release", "-p", "runtime-metrics", "--lib", test]
        try:
            done = subprocess.run(
                command, cwd=self._tree, env=environment, timeout=SECONDS, stdin=subprocess.DEVNULL, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
        except subprocess.TimeoutExpired as expired:
            output = expired.stdout or b""
            return False, output.decode(errors="replace") + f"\nno end after {SECONDS} s"
        if "could not compile" in done.stdout:
            raise Failed(f"{done.stdout}\ndoes not compile")
        if f"{test.rsplit('::', 1)[-1]} ..." not in done.stdout:
            raise Failed(f"{done.stdout}\nthere is no test {test}")
        return done.returncode == 0, done.stdout

    def run_with(self, fault):
        """The same of the fault's detector, with the fault in the sources."""
        path = self._sources / fault["file"]
        text = path.read_text()
        if text.count(fault["from"]) != 1:
            raise Failed(f"{fault['name']}: the text to change is not in {fault['file']} exactly once")
        path.write_text(text.replace(fault["from"], fault["to"]))
        try:
            return self.run(detector(fault))
        finally:
            path.write_text(text)


def is_model(test):
    return test.startswith("models::")


def detector(fault):
    return fault.get("caught") or fault["detector"]


class Trial:
    """A test to run, with a fault or without any."""

    def __init__(self, test, fault=None):
        self.test = test
        self.fault = fault

    def hold(self, copies):
        """Makes the run in a copy that is free, and says how it went. Whether that is as it should be."""
        copy = copies.get()
        begin = time.monotonic()
        try:
            passes, output = copy.run_with(self.fault) if self.fault else copy.run(self.test)
        finally:
            copies.put(copy)
        is_right = passes == (self.fault is None or "unseen" in self.fault)
        print(f"{time.monotonic() - begin:6.1f} s  {self._verdict(passes, is_right)}", flush=True)
        if not is_right:
            print(output[-3000:], flush=True)
        return is_right

    def _verdict(self, passes, is_right):
        fault = self.fault
        if fault is None:
            return f"without a fault  {self.test}: {'passes' if passes else 'FAILS'}"
        if passes:
            return f"{fault['name']}: " + (f"unseen: {fault['unseen']}" if is_right else "NOT CAUGHT")
        return f"{fault['name']}: " + (f"caught by {fault['caught']}" if is_right else "CAUGHT after all: name the test")


def hold_all(trials):
    """How many trials did not go as they should."""
    first = Copy("0")
    # The first of each kind builds what all of its kind need.
    opening = [next((trial for trial in trials if is_model(trial.test) == kind), None) for kind in (True, False)]
    copies = queue.Queue()
    copies.put(first)
    right = [trial.hold(copies) for trial in opening if trial]
    for number in range(1, PROCESSORS):
        copies.put(Copy(str(number), twin=first))
    with ThreadPoolExecutor(max_workers=PROCESSORS) as pool:
        right += pool.map(lambda trial: trial.hold(copies), [trial for trial in trials if trial not in opening])
    return right.count(False)


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    faults = tomllib.loads(Path(__file__).with_name("faults.toml").read_text())["fault"]
    faults = [fault for fault in faults if wanted in fault["name"]]
    if not faults:
        sys.exit(f"no fault has {wanted!r} in its name")
    trials = [Trial(test) for test in sorted({detector(fault) for fault in faults})]
    trials += [Trial(detector(fault), fault) for fault in faults]
    try:
        wrong = hold_all(trials)
    except Failed as failed:
        sys.exit(str(failed))
    caught = sum("caught" in fault for fault in faults)
    print(f"{len(faults)} faults: {caught} caught, {len(faults) - caught} unseen; {wrong} not as they should be")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
