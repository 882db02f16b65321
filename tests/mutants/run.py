#!/usr/bin/env python3
"""Runs every mutant of cargo-mutants against the tests that reach it, from one build.

cargo-mutants builds the program anew for each mutant, and runs all tests: with thousands of mutants that is weeks. Here all of
them are written into one copy of the sources, each behind a condition, and compiled once. Every test is run once to see which
mutants it reaches; then every mutant is run against those tests, the likeliest and fastest first, until one fails.

    run.py WORK build [FOLDER...]           copies the project to WORK and builds it (default: relevance, exact, measure, network)
    run.py WORK cover                       which test reaches which mutant
    run.py WORK run [SECONDS [PATH...]]     runs the mutants, each for so many seconds of tests (default: all that reach it)
    run.py WORK alone [SECONDS]             builds those that have no place there, one by one, and runs them likewise
    run.py WORK survivors                   those that no test noticed and `equivalent` does not name, and how many tests ran

Each step goes on where it was interrupted. It needs cargo-mutants; with TMPDIR in memory it is several times faster. Mutants
that do not compile are left out, as cargo-mutants does. Those that have no place behind a condition (in constants, beside `let`)
are built alone, and run against the tests that reach their file.
"""

import collections
import hashlib
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FOLDERS = ["relevance", "exact", "measure", "network"]
# Tests of Ctrl-C end what is around them where that is a process of the background.
LEFT_OUT = re.compile("interrupted|ctrl_c")
MARK = re.compile(rb"crate::mutant\((\d+)\)")


class Work:
    """The folder that everything is written to."""

    def __init__(self, path):
        self.path = Path(path).resolve()
        self.tree = self.path / "tree"
        self.list = self.path / "mutants.json"
        self.unviable = self.path / "unviable.txt"
        self.placed = self.path / "placed.txt"
        self.binaries = self.path / "binaries.json"
        self.tests = self.path / "tests.json"
        self.results = self.path / "results.jsonl"

    def mutants(self):
        mutants = json.loads(self.list.read_text())
        for mutant in mutants:
            mutant["key"] = key_of(mutant)
        return mutants

    def unviable_keys(self):
        return set(self.unviable.read_text().split()) if self.unviable.exists() else set()

    def outcomes(self):
        """What is known of each mutant by its key, the newest last."""
        if not self.results.exists():
            return {}
        lines = map(json.loads, self.results.read_text().splitlines())
        return {line["key"]: line for line in lines}


def digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def key_of(mutant):
    """The same for a mutant whose function has only moved: what is known of it stays."""
    lines = mutant["diff"].splitlines()
    return digest(mutant["file"], *(line for line in lines if not line.startswith("@@")))


def shell(command, **options):
    return subprocess.run(command, check=True, **options)


def copy_project(work, tree):
    """The files of the project as they are now; what has not changed keeps its time, so that cargo builds no more than it must."""
    files = shell(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        source, copy = PROJECT / name, tree / name
        if source.is_file() and not (copy.exists() and copy.read_bytes() == source.read_bytes()):
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy)
    # Tests read models that lie beside the project, where there are any.
    shared = PROJECT.parent / "shared"
    if shared.is_dir() and not (work.path / "shared").exists():
        (work.path / "shared").symlink_to(shared)
    manifest = tree / "Cargo.toml"
    text = manifest.read_text()
    # What is written anew has lints of its own, and runs often: its own code is optimised a little, the crates are as they were.
    text = text[: text.index("[lints.rust]")] + "[profile.dev.package.deeptaylor]\nopt-level = 1\n"
    manifest.write_text(text)


def rewrite(work, tool):
    for file in {mutant["file"] for mutant in work.mutants()} | {"src/lib.rs"}:
        (work.tree / file).write_bytes((PROJECT / file).read_bytes())
    with open(work.placed, "w") as placed:
        ids = work.path / "unviable_ids.txt"
        unviable = work.unviable_keys()
        ids.write_text("\n".join(str(id) for id, mutant in enumerate(work.mutants()) if mutant["key"] in unviable))
        shell([tool, work.list, work.tree, ids], stdout=placed)
    with open(work.tree / "src/lib.rs", "a") as library:
        library.write((PROJECT / "tests/mutants/chosen.rs").read_text())


def check(work):
    command = ["cargo", "check", "--locked", "--lib", "--message-format=json"]
    run = subprocess.run(command, cwd=work.tree, capture_output=True, text=True)
    lines = (json.loads(line) for line in run.stdout.splitlines() if line.startswith("{"))
    messages = (line["message"] for line in lines if line.get("reason") == "compiler-message")
    return run.returncode, [message for message in messages if message["level"] == "error"]


def written_here(span):
    """The span itself, or where the macro that it is of is called."""
    while span and not span["file_name"].startswith("src/"):
        span = (span["expansion"] or {}).get("span")
    return span


def to_blame(work, error, known, mutants):
    """The mutants that an error is most likely about: the last before it on its line, else all of the line, else of its function."""
    found = set()
    spans = [(span["is_primary"], written_here(span)) for span in error["spans"]]
    primary = [span for is_primary, span in spans if span and is_primary]
    for span in primary or [span for _, span in spans if span]:
        text = (work.tree / span["file_name"]).read_bytes()
        begin = text.rfind(b"\n", 0, span["byte_start"]) + 1
        end = text.find(b"\n", span["byte_start"])
        marks = [(mark.start(), int(mark.group(1))) for mark in MARK.finditer(text)]
        line = {id for at, id in marks if begin <= at < end}
        last = {id for at, id in marks if begin <= at <= span["byte_end"]}
        nearest = min(marks, key=lambda mark: abs(mark[0] - span["byte_start"]), default=(0, None))[1]
        function = {
            id
            for id, mutant in enumerate(mutants)
            if nearest is not None
            and mutant["file"] == span["file_name"]
            and mutant["function"] == mutants[nearest]["function"]
            and mutant["genre"] in ("FnValue", "MatchArm")
        }
        likely = ({max(last, default=None)} - {None} - known, line - known, function - known)
        found |= next(filter(None, likely), set())
    return found


def build(work, folders):
    copy_project(work, work.tree)
    patterns = [part for folder in folders or FOLDERS for part in ("-f", f"src/{folder}/**")]
    listed = shell(["cargo", "mutants", "--list", "--json", *patterns], cwd=PROJECT, capture_output=True).stdout
    work.list.write_bytes(listed)
    mutants = work.mutants()
    manifest = PROJECT / "tests/mutants/Cargo.toml"
    target = work.path / "tool"
    shell(["cargo", "build", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", target])
    for _ in range(20):
        rewrite(work, target / "debug/deeptaylor-mutants")
        code, errors = check(work)
        if code == 0:
            break
        unviable = work.unviable_keys()
        known = {id for id, mutant in enumerate(mutants) if mutant["key"] in unviable}
        new = set().union(*(to_blame(work, error, known, mutants) for error in errors))
        print(f"{len(errors)} errors, {len(new)} more mutants that do not compile", flush=True)
        if not new:
            sys.exit(errors[0]["rendered"] if errors else "cargo check failed")
        work.unviable.write_text("\n".join(sorted(unviable | {mutants[id]["key"] for id in new})))
    else:
        sys.exit("it does not compile after 20 attempts")
    binaries = built(work.tree)
    work.binaries.write_text(json.dumps(binaries or sys.exit("the tests do not compile")))
    states = collections.Counter(line.split("\t")[1] for line in work.placed.read_text().splitlines())
    print(dict(states))


def built(tree):
    """The binaries of the tests by their names; none where they do not compile."""
    command = ["cargo", "test", "--locked", "--no-run", "--message-format=json", "--lib", "--test", "library", "--test", "program"]
    run = subprocess.run(command, cwd=tree, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    tests = [line for line in lines if line.get("executable") and line["profile"]["test"]]
    return {line["target"]["name"]: line["executable"] for line in tests} if run.returncode == 0 else None


def run_tests(tree, binary, names, variables, seconds):
    """'ok', 'failed' or 'timeout', and the first test that failed."""

    def begin():
        os.setsid()
        for name in (signal.SIGINT, signal.SIGQUIT):
            signal.signal(name, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))

    child = subprocess.Popen(
        [binary, "--exact", "--test-threads", "1", *names],
        cwd=tree,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=begin,
        text=True,
        errors="replace",
    )
    try:
        output, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        return "timeout", ""
    finally:
        # What the tests have started may still be at work.
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    failed = [line.split()[1] for line in output.splitlines() if line.startswith("test ") and line.endswith("FAILED")]
    return ("ok" if child.returncode == 0 else "failed"), (failed or [""])[0]


def cover(work):
    tests = json.loads(work.tests.read_text()) if work.tests.exists() else {}
    file = work.path / "cover"
    for name, binary in json.loads(work.binaries.read_text()).items():
        # Of another build everything may be different: cargo gives the binary of one crate one name.
        build = hashlib.sha256(Path(binary).read_bytes()).hexdigest()
        listed = shell([binary, "--list"], cwd=work.tree, capture_output=True, text=True).stdout.splitlines()
        for number, test in enumerate(line[: -len(": test")] for line in listed if line.endswith(": test")):
            key = f"{name} {test}"
            if tests.get(key, {}).get("build") == build or LEFT_OUT.search(test):
                continue
            file.write_bytes(b"")
            begin = time.monotonic()
            outcome, _ = run_tests(work.tree, binary, [test], {"MUTANT_COVER": str(file)}, 300)
            reached = [id for id, byte in enumerate(file.read_bytes()) if byte]
            seconds = time.monotonic() - begin
            tests[key] = {"seconds": seconds, "build": build, "reached": reached if outcome == "ok" else []}
            if outcome != "ok":
                print(f"left out, for it fails without a mutant: {key}", flush=True)
            if number % 25 == 0:
                work.tests.write_text(json.dumps(tests))
                print(f"{name} {number} of {len(listed)}", flush=True)
        gone = {key for key, test in tests.items() if key.startswith(f"{name} ") and test["build"] != build}
        for key in gone:
            del tests[key]
    work.tests.write_text(json.dumps(tests))


class Campaign:
    """Mutants run by several threads."""

    STATE = "placed"

    def __init__(self, work, seconds, paths):
        self.work, self.tree, self.seconds = work, work.tree, seconds
        self.mutants = work.mutants()
        self.binaries = json.loads(work.binaries.read_text())
        self.tests = json.loads(work.tests.read_text())
        placed = (line.split("\t") for line in work.placed.read_text().splitlines())
        self.by_mutant = self.reached()
        outcomes = work.outcomes()
        wanted = tuple(f"src/{path}" for path in paths or FOLDERS)
        self.todo = [
            int(id)
            for id, state, _ in placed
            if state == self.STATE
            and self.mutants[int(id)]["file"].startswith(wanted)
            and not self.is_done(int(id), outcomes.get(self.mutants[int(id)]["key"]))
        ]
        # Those that are named equivalent take every test that reaches them, and tell nothing new.
        named = equivalent()
        self.todo.sort(key=lambda id: named[placeless(self.mutants[id]["name"])] > 0)
        self.total = len(self.todo)
        # How often a test has noticed a mutant, by function and by file.
        self.noticed = collections.defaultdict(collections.Counter)
        self.lock = threading.Lock()

    def reached(self):
        """The tests that reach each mutant."""
        tests = collections.defaultdict(list)
        for key, test in self.tests.items():
            for id in test["reached"]:
                tests[id].append(key)
        return tests

    def tests_of(self, id):
        return digest(*sorted(self.by_mutant[id]))

    def is_done(self, id, known):
        """What survived is run again where there are other tests, or more time for them."""
        if not known or "by" in known:
            return bool(known)
        return known["tests"] == self.tests_of(id) and (known["ran"] == known["of"] or known["seconds"] >= self.seconds)

    def chunks(self, id):
        """The tests that reach a mutant, the likeliest and fastest first, in runs of one binary that grow longer."""
        mutant = self.mutants[id]
        function = mutant["file"], (mutant["function"] or {}).get("function_name")

        def rank(key):
            likely = 4 * self.noticed[function][key] + self.noticed[mutant["file"]][key]
            return -likely, self.tests[key]["seconds"]

        waiting, size = sorted(self.by_mutant[id], key=rank), 0.3
        while waiting:
            binary, chunk, seconds, rest = waiting[0].split(" ")[0], [], 0.0, []
            for key in waiting:
                if key.split(" ")[0] == binary and seconds < size:
                    chunk.append(key)
                    seconds += self.tests[key]["seconds"]
                else:
                    rest.append(key)
            yield binary, chunk, seconds
            waiting, size = rest, min(2 * size, 5.0)

    def outcome(self, id):
        state = "survived" if self.by_mutant[id] else "reached by no test"
        ran, spent = 0, 0.0
        for binary, chunk, seconds in self.chunks(id):
            if spent >= self.seconds:
                break
            names = [key.split(" ", 1)[1] for key in chunk]
            # What has no end has none the second time, either; a busy machine may have.
            for _ in range(2):
                end, name = run_tests(self.tree, self.binaries[binary], names, {"MUTANT": str(id)}, 6 + 15 * seconds)
                if end != "timeout":
                    break
            ran, spent = ran + len(chunk), spent + seconds
            if end != "ok":
                return {"outcome": end, "by": f"{binary} {name}" if name else chunk[0]}
        of, tests = len(self.by_mutant[id]), self.tests_of(id)
        return {"outcome": state, "ran": ran, "of": of, "tests": tests, "seconds": self.seconds}

    def work_on(self, results):
        while True:
            with self.lock:
                if not self.todo:
                    return
                id = self.todo.pop(0)
            outcome = self.outcome(id)
            mutant = self.mutants[id]
            with self.lock:
                if "by" in outcome:
                    self.noticed[mutant["file"]][outcome["by"]] += 1
                    function = (mutant["function"] or {}).get("function_name")
                    self.noticed[mutant["file"], function][outcome["by"]] += 1
                results.write(json.dumps({"key": mutant["key"], "name": mutant["name"]} | outcome) + "\n")
                results.flush()
                done = self.total - len(self.todo)
                if done % 50 == 0:
                    print(f"{done} of {self.total}", flush=True)

    def run(self):
        with open(self.work.results, "a") as results:
            threads = [threading.Thread(target=self.work_on, args=(results,)) for _ in range(os.cpu_count() or 1)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()


def mutated(text, mutant):
    """A source with one mutant in it."""
    lines = text.splitlines(keepends=True)
    start, end = (mutant["span"][side] for side in ("start", "end"))
    if start["line"] != end["line"]:
        sys.exit(f"on several lines: {mutant['name']}")
    line = lines[start["line"] - 1]
    was = line[start["column"] - 1 : end["column"] - 1]
    if not mutant["name"].partition(": ")[2].startswith(f"replace {was} with "):
        sys.exit(f"found {was!r} for {mutant['name']}: build again, for the sources have changed")
    lines[start["line"] - 1] = line[: start["column"] - 1] + mutant["replacement"] + line[end["column"] - 1 :]
    return "".join(lines)


class Alone(Campaign):
    """Mutants built one by one, in a tree without any other, and run against the tests that reach another of their file."""

    STATE = "unplaced"

    def __init__(self, work, seconds):
        super().__init__(work, seconds, [])
        self.tree = work.path / "alone"

    def reached(self):
        """The tests that reach any mutant of the same file."""
        of_file = collections.defaultdict(set)
        for id, tests in super().reached().items():
            of_file[self.mutants[id]["file"]].update(tests)
        return {id: sorted(of_file[mutant["file"]]) for id, mutant in enumerate(self.mutants)}

    def outcome(self, id):
        mutant = self.mutants[id]
        file = self.tree / mutant["file"]
        text = file.read_text()
        file.write_text(mutated(text, mutant))
        try:
            self.binaries = built(self.tree)
            return super().outcome(id) if self.binaries else {"outcome": "does not compile", "by": "rustc"}
        finally:
            file.write_text(text)

    def run(self):
        copy_project(self.work, self.tree)
        for id in self.todo:
            mutated((self.tree / self.mutants[id]["file"]).read_text(), self.mutants[id])
        with open(self.work.results, "a") as results:
            self.work_on(results)


def placeless(name):
    """The name of a mutant without its line and column."""
    return re.sub(r":\d+:\d+", "", name)


def equivalent():
    """How many mutants of a name are told to be no fault: each line is a name without its place, a tab and the reason."""
    files = sorted((PROJECT / "tests/mutants/equivalent").glob("*.txt"))
    lines = [line.partition("\t") for file in files for line in file.read_text().splitlines()]
    for name, _, reason in lines:
        if not reason:
            sys.exit(f"no reason is given: {name}")
    return collections.Counter(name for name, _, _ in lines)


def survivors(work):
    """Prints those that are not named equivalent; ends with 1 where there are any, or something is not known."""
    mutants, outcomes = work.mutants(), work.outcomes()
    found, states = collections.defaultdict(list), collections.Counter()
    for line in work.placed.read_text().splitlines():
        id, state, name = line.split("\t")
        known = outcomes.get(mutants[int(id)]["key"]) if state != "unviable" else None
        states[known["outcome"] if known else "not run" if state == "placed" else state] += 1
        if known and "ran" in known:
            found[placeless(name)].append(f"{name}  ({known['ran']} of {known['of']} tests)")
    named = equivalent()
    open_ones = [line for name, lines in found.items() if len(lines) > named[name] for line in lines]
    print(*open_ones, sep="\n")
    for name, number in named.items():
        if number > len(found[name]):
            print(f"named equivalent {number} times, and {len(found[name])} survive: {name}", file=sys.stderr)
    print(dict(states), file=sys.stderr)
    sys.exit(1 if open_ones or states["not run"] or states["unplaced"] else 0)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    work, step, rest = Work(sys.argv[1]), sys.argv[2], sys.argv[3:]
    work.path.mkdir(parents=True, exist_ok=True)
    if step == "build":
        build(work, rest)
    elif step == "cover":
        cover(work)
    elif step == "run":
        Campaign(work, float(rest[0]) if rest else float("inf"), rest[1:]).run()
    elif step == "alone":
        Alone(work, float(rest[0]) if rest else float("inf")).run()
    elif step == "survivors":
        survivors(work)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
