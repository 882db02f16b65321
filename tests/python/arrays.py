#!/usr/bin/env python3
"""Holds arrays and pictures that numpy and Pillow write, and arrays that numpy reads, against deeptaylor's values.

    python3 tests/python/arrays.py target/debug/deeptaylor [CASES]

Needs the packages numpy and pillow. A case is a network of random shape and an array of samples of random type, order of
bytes and of indices, version and container. What deeptaylor takes as inputs must be what numpy wrote, to the last bit; and
`--format npz`, read by numpy, what `--format jsonl` gives. Then pictures of every kind that Pillow writes as PNG. Ends with the
line `N passed, M failed`, and with status 1 where something fails.
"""

import gzip
import io
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

CASES = 200
TYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
CONTAINERS = ["npy", "npy.gz", "npz", "npz deflated", "npz.gz"]
FIGURES = {
    "value": ("target", "value"),
    "worst_gap": ("checks", "conservation", "worst_gap"),
    "least": ("checks", "positivity", "least"),
    "lost": ("balance", "lost"),
}


class Case:
    """A network, samples for it, and a file with these."""

    def __init__(self, seed, folder):
        self.random, self.numbers, self.folder = random.Random(seed), np.random.default_rng(seed), folder
        below = self.random.randint
        self.order = self.random.choice(["flat", "chw", "hwc", "array"])
        # Sides that differ, so that no other order of the axes fits.
        channels, rows, columns = below(2, 3), below(4, 5), below(6, 7)
        self.shape = {"flat": [below(2, 9)], "array": [channels * rows, 1]}.get(self.order, [channels, rows, columns])
        if self.order == "hwc":
            self.shape = [rows, columns, channels]
        self.number = below(1, 6)
        self.type = np.dtype(self.random.choice("<>") + self.random.choice(TYPES))
        self.array = self.draw()
        self.container = self.random.choice(CONTAINERS)
        self.key = self.random.choice(["inputs", "x", "images"])
        self.ids = self.random.choice([None, np.arange(self.number) * 7, np.array([f"β{n}" for n in range(self.number)])])
        self.labels = self.random.choice([None, self.numbers.integers(0, 2, self.number)])
        channels_first = [self.shape[2], *self.shape[:2]] if self.order == "hwc" else self.shape
        self.channels_first = [self.shape[0]] if self.order == "array" else channels_first

    def __str__(self):
        where = f"{self.type.str} {self.array.shape} in {self.container}"
        return f"{where}, {self.order}, {'Fortran' if np.isfortran(self.array) else 'C'} order, ids {self.ids}"

    def draw(self):
        """Values over all of the type's range, also such as f64 does not hold."""
        shape = (self.number, *self.shape)
        if self.random.random() < 0.3:
            shape = (self.number, int(np.prod(self.shape)))
        elif self.number == 1 and self.random.random() < 0.3:
            shape = tuple(self.shape)
        if self.type.kind == "f":
            # f64 to 1e30, for relevances are sums of products.
            limit = min(np.finfo(self.type).maxexp - 1, 100)
            exponents = self.numbers.integers(np.finfo(self.type).minexp if limit < 100 else -100, limit, shape)
            values = np.ldexp(self.numbers.uniform(-1, 1, shape), exponents)
        elif self.type.kind == "b":
            values = self.numbers.integers(0, 2, shape)
        else:
            about = np.iinfo(self.type)
            values = self.numbers.integers(about.min, about.max, shape, dtype=self.type.newbyteorder("="), endpoint=True)
        values = values.astype(self.type)
        return np.asfortranarray(values) if self.random.random() < 0.5 else values

    def network(self):
        units, out = int(np.prod(self.shape)), 3
        weights = self.numbers.uniform(-1, 1, (units, out)).tolist()
        about = {"shape": self.channels_first}
        if self.order == "hwc":
            about["order"] = "hwc"
        if self.order == "array":
            about["array"] = self.shape
        layers = [{"type": "dense", "weights": weights, "activation": "relu"}, {"type": "sum_pool", "size": 1}]
        file = self.folder / "net.json"
        file.write_text(json.dumps({"input": about, "layers": layers}))
        return file

    def npy(self):
        version = self.random.choice([(1, 0), (2, 0), (3, 0)])
        to = io.BytesIO()
        np.lib.format.write_array(to, self.array, version=version)
        return to.getvalue()

    def npz(self, save):
        arrays = {self.key: self.array}
        if self.ids is not None:
            arrays["ids"] = self.ids
        if self.labels is not None:
            arrays["y"] = self.labels
        to = io.BytesIO()
        save(to, **arrays)
        return to.getvalue()

    def file(self):
        kind, gzipped = self.container, self.container.endswith(".gz")
        data = self.npy() if kind.startswith("npy") else self.npz(np.savez_compressed if "deflated" in kind else np.savez)
        file = self.folder / f"samples.{kind.split()[0]}"
        file.write_bytes(gzip.compress(data) if gzipped else data)
        return file

    def expected(self):
        """The inputs of every sample, in the order of the file, which is that of the network's units."""
        return self.array.reshape(self.number, -1).astype(np.float64)


class Checks:
    def __init__(self, program, folder):
        self.program, self.folder, self.passed, self.failed = program, folder, 0, 0

    def run(self, *arguments, data=None):
        done = subprocess.run([self.program, *map(str, arguments)], input=data, capture_output=True)
        if done.returncode not in (0, 1):
            raise AssertionError(f"{arguments}: status {done.returncode}: {done.stderr.decode()}")
        return done.stdout

    def lines(self, *arguments, data=None):
        return [json.loads(line) for line in self.run(*arguments, "--format", "jsonl", data=data).splitlines()]

    def one(self, name, check):
        try:
            check()
            self.passed += 1
        except Exception as error:  # noqa: BLE001: whatever is wrong with one case, the others are looked at
            self.failed += 1
            print(f"FAILED {name}: {error}")

    def array(self, case):
        """What numpy writes is what is read; what is written is what numpy reads."""
        network, file = case.network(), case.file()
        piped = case.random.random() < 0.3
        data = file.read_bytes() if piped else None
        explain = ["explain", network, "--inputs", "-" if piped else file, "--scale", "none", "--levels", "all"]
        lines = self.lines(*explain, data=data)
        found = np.array([line["layers"][0]["activations"] for line in lines], dtype=np.float64)
        np.testing.assert_array_equal(found, case.expected())
        if case.container.startswith("npz"):
            self.tags(case, lines)
        arrays = np.load(io.BytesIO(self.run(*explain, "--format", "npz", data=data)), allow_pickle=False)
        self.same(arrays, lines, case)
        self.several(explain, data, case)

    def several(self, explain, data, case):
        """Several rules have an array each, with what their lines say."""
        rules = ["w2", "z+", "alpha-beta:2,1"]
        several = [*explain, "--rule", ",".join(rules)]
        lines = self.lines(*several, data=data)
        arrays = np.load(io.BytesIO(self.run(*several, "--format", "npz", data=data)), allow_pickle=False)
        for rule in rules:
            own = {name.removesuffix(f"@{rule}"): arrays[name] for name in arrays.files if name.partition("@")[2] in ("", rule)}
            self.same(own, [line for line in lines if line["rule"] == rule], case)

    @staticmethod
    def tags(case, lines):
        if case.ids is not None:
            assert [str(line["id"]) for line in lines] == [str(name) for name in case.ids], "ids"
        if case.labels is not None:
            assert [str(line["label"]) for line in lines] == [str(label) for label in case.labels], "labels"

    @staticmethod
    def same(arrays, lines, case):
        for name, place in FIGURES.items():
            expected = lines
            for key in place:
                expected = [line[key] for line in expected]
            np.testing.assert_array_equal(arrays[name], np.array(expected, dtype=np.float64), name)
        np.testing.assert_array_equal(arrays["sample"], [line["sample"] for line in lines])
        np.testing.assert_array_equal(arrays["target"], [line["target"]["index"] for line in lines])
        assert arrays["relevance"].shape == (case.number, *case.shape), arrays["relevance"].shape
        for level in range(3):
            array = arrays["relevance" if level == 0 else f"level_{level}"]
            expected = np.array([line["layers"][level]["relevance"] for line in lines], dtype=np.float64)
            np.testing.assert_array_equal(array.reshape(case.number, -1), expected, f"level {level}")

    def picture(self, mode, seed):
        """The levels of a picture from 0 to 1, as Pillow has them."""
        draw = np.random.default_rng(seed)
        rows, columns = draw.integers(1, 9, 2)
        channels = 3 if mode in ("RGB", "RGBA", "P") else 1
        full = 65535 if mode == "I;16" else 255
        levels = draw.integers(0, full + 1, (rows, columns, channels), dtype=np.uint16 if full > 255 else np.uint8)
        if mode == "1":
            levels = levels // 128 * 255
        if channels == 1:
            levels = levels[:, :, 0]
        image = Image.fromarray(levels)
        if mode == "P":
            image = image.quantize(8)
            levels = np.asarray(image.convert("RGB"))
        elif mode != "I;16":
            image = image.convert(mode)
        assert image.mode == mode
        file, network = self.folder / "picture.png", self.folder / "net.json"
        image.save(file, optimize=bool(seed % 2))
        weights = [[1] for _ in range(levels.size)]
        about = {"shape": [channels, int(rows), int(columns)]}
        network.write_text(json.dumps({"input": about, "layers": [{"type": "dense", "weights": weights}]}))
        [line] = self.lines("explain", network, "--inputs", file, "--levels", "all")
        expected = levels.reshape(rows, columns, channels).transpose(2, 0, 1).ravel() / full
        np.testing.assert_allclose(line["layers"][0]["activations"], expected, rtol=0, atol=1e-15)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    cases = int(sys.argv[2]) if len(sys.argv) == 3 else CASES
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Path(sys.argv[1]).resolve(), Path(folder))
        for seed in range(cases):
            case = Case(seed, checks.folder)
            checks.one(f"array {seed} ({case})", lambda: checks.array(case))
        for seed in range(max(cases // 20, 1)):
            for mode in ("1", "L", "LA", "I;16", "P", "RGB", "RGBA"):
                checks.one(f"picture {mode} {seed}", lambda: checks.picture(mode, seed))
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


if __name__ == "__main__":
    main()
