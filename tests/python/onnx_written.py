#!/usr/bin/env python3
"""Runs what `deeptaylor convert` writes in onnxruntime, and holds it against deeptaylor's own values.

    python3 tests/python/onnx_written.py target/debug/deeptaylor [GRAPHS]

Needs the packages onnx, onnxruntime and numpy. Converts every network of networks/ and random graphs with every kind of layer,
200 unless said otherwise, each also from JSON to JSON with a safetensors file, which must be the same network again. Ends with the line
`N passed, M failed`, and with status 1 where something fails.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

ROOT = Path(__file__).resolve().parents[2]
GRAPHS = 200
# Of the largest value on any level: what sums of a few hundred products lose in 32 and in 64 bits.
TOLERANCE = {"single": 2e-6, "double": 1e-13}
WITHOUT_DOUBLE = {"conv2d", "sum_pool2d", "avg_pool2d"}


class Drawn:
    """A random network: layers of every kind, on any earlier level."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.layers, self.read = [], {0}
        picture = [self.below(3) + 1, self.below(5) + 1, self.below(5) + 1]
        self.input = {"shape": picture}
        self.shapes = [picture]
        units = picture[0] * picture[1] * picture[2]
        match self.below(4):
            case 0:
                self.input, self.shapes = {"shape": [units]}, [[units]]
            case 1:
                self.input["order"], self.shapes = "hwc", [[units]]
            case 2:
                self.input["array"] = [units, 1]
        for _ in range(self.below(6) + 1):
            self.grow()
        self.close()

    def below(self, n):
        return self.random.randrange(n)

    def number(self):
        # Numbers of 32 bits, so that only sums are rounded.
        return float(np.float32(self.random.choice([self.random.uniform(-1, 1), self.below(5) / 2 - 1])))

    def numbers(self, *shape):
        if not shape:
            return self.number()
        return [self.numbers(*shape[1:]) for _ in range(shape[0])]

    def biased(self, layer, n):
        if self.below(3):
            layer["bias"] = self.numbers(n)
        return layer

    def window(self, sides, pool):
        """A window that fits; one of a pool sees part of the picture everywhere. And how many places it has."""
        while True:
            kernel, stride = [self.below(3) + 1 for _ in "hw"], [self.below(3) + 1 for _ in "hw"]
            dilation = [self.random.choice([1, 1, 1, 2, 3]) for _ in "hw"]
            padding = [self.random.choice([0, 0, 1, 2]) for _ in range(4)]
            places = [self.places(sides[k], padding[k], padding[k + 2], kernel[k], stride[k], dilation[k], pool) for k in (0, 1)]
            if all(places):
                return {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}, places

    @staticmethod
    def places(side, before, after, kernel, stride, dilation, pool):
        room = side + before + after - (kernel - 1) * dilation - 1
        places = room // stride + 1 if room >= 0 else 0
        seen = lambda place: any(0 <= place * stride + tap * dilation - before < side for tap in range(kernel))
        return places if not pool or all(map(seen, range(places))) else 0

    def of_one(self, shape):
        """A layer that reads a level of this shape, and the shape that it makes."""
        units = int(np.prod(shape))
        kind = self.below(9)
        if len(shape) == 3 and kind < 5:
            kind = self.random.choice(["conv2d", "sum_pool2d", "avg_pool2d", "max_pool2d"])
            window, places = self.window(shape[1:], kind != "conv2d")
            if kind != "conv2d":
                if kind == "avg_pool2d":
                    window["count_padding"] = not self.below(2)
                return {"type": kind, **window}, [shape[0], *places]
            groups = self.random.choice([n for n in range(1, shape[0] + 1) if shape[0] % n == 0])
            out = groups * (self.below(2) + 1)
            weights = self.numbers(out, shape[0] // groups, *window.pop("kernel"))
            layer = {"type": kind, "weights": weights, "groups": groups, **window}
            return self.biased(layer, out), [out, *places]
        if kind < 6:
            size = self.random.choice([n for n in range(1, units + 1) if units % n == 0])
            return {"type": "sum_pool", "size": size}, [units // size]
        if kind == 6:
            layer = {"type": "scale", "weights": self.numbers(self.random.choice([units, shape[0]]))}
            return self.biased(layer, self.random.choice([units, shape[0]])), shape
        if kind == 7:
            made = self.random.choice([shape, [2, 3, 2], [self.below(6) + 1]])
            index = lambda: self.below(units) if self.below(4) else None
            indices = [index() for _ in range(int(np.prod(made)))]
            return {"type": "gather", "indices": indices, "shape": made}, made
        out = self.below(5) + 1
        layer = {"type": "dense", "weights": self.numbers(units, out)}
        if self.below(2):
            layer = {"type": "dense", "weights": self.numbers(out, units), "weights_order": "out_in"}
        return self.biased(layer, out), [out]

    def push(self, layer, sources, shape):
        if int(np.prod(shape)) > 300:
            return
        names = ["input", *(f"l{n + 1}" for n in range(len(self.layers)))]
        sources = [names[source] for source in sources]
        layer["from"] = sources if layer["type"] in ("add", "concat") else sources[0]
        layer["activation"] = self.random.choice(["relu", "relu6", "identity", "identity"])
        layer["name"] = f"l{len(self.layers) + 1}"
        self.layers.append(layer)
        self.shapes.append(list(shape))
        self.read.update(names.index(source) for source in sources)

    def grow(self):
        level = self.below(len(self.shapes)) if self.below(2) else len(self.shapes) - 1
        shape = self.shapes[level]
        match self.below(4):
            case 0:
                alike = [n for n, other in enumerate(self.shapes) if other == shape]
                sources = [level] + [self.random.choice(alike) for _ in range(self.below(2) + 1)]
                self.push({"type": "add"}, sources, shape)
            case 1:
                sources = [level] + [self.below(len(self.shapes)) for _ in range(self.below(2) + 1)]
                self.concat(sources)
            case _:
                layer, made = self.of_one(shape)
                self.push(layer, [level], made)

    def concat(self, sources):
        shapes = [self.shapes[source] for source in sources]
        made = [sum(int(np.prod(shape)) for shape in shapes)]
        if all(len(shape) == 3 and shape[1:] == shapes[0][1:] for shape in shapes):
            made = [sum(shape[0] for shape in shapes), *shapes[0][1:]]
        self.push({"type": "concat"}, sources, made)

    def close(self):
        """Lets every level be read."""
        unread = [n for n in range(1, len(self.shapes)) if n not in self.read]
        if len(unread) > 1:
            ends = []
            for level in unread:
                units = int(np.prod(self.shapes[level]))
                self.push({"type": "dense", "weights": self.numbers(units, 2)}, [level], [2])
                ends.append(len(self.shapes) - 1)
            self.concat(ends)
        elif not self.layers:
            self.push({"type": "sum_pool"}, [0], [1])

    def file(self):
        units = int(np.prod(self.input["shape"]))
        return {"name": "drawn", "input": self.input, "layers": self.layers, "inputs": self.numbers(5, units)}


class Checks:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.passed, self.failed, self.worst, self.doubles = 0, 0, {"single": 0.0, "double": 0.0}, 0
        self.operators = set()

    def run(self, *arguments, status=(0,)):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True)
        if done.returncode not in status:
            raise AssertionError(f"{arguments}: status {done.returncode}: {done.stderr}")
        return done

    def values(self, network, samples):
        """The outputs, and the largest value on any level."""
        explain = ["explain", network, "--inputs", samples, "--rule", "w2", "--format", "jsonl", "--levels", "all"]
        lines = self.run(*explain, status=(0, 1)).stdout.splitlines()
        levels = [[layer["activations"] for layer in json.loads(line)["layers"]] for line in lines]
        outputs = np.array([sample[-1] for sample in levels])
        return outputs, max(abs(value) for sample in levels for level in sample for value in level)

    def network(self, name, network):
        try:
            self.one(name, network)
            self.passed += 1
        except Exception as error:  # noqa: BLE001: whatever is wrong with one network, the others are looked at
            self.failed += 1
            print(f"FAILED {name}: {error}")

    def one(self, name, network):
        if not network.get("inputs"):
            raise AssertionError("no samples")
        file, samples, written = self.folder / "net.json", self.folder / "samples.json", self.folder / "net.onnx"
        file.write_text(json.dumps(network))
        samples.write_text(json.dumps(network["inputs"]))
        expected, largest = self.values(file, samples)
        self.round_trip(file)
        self.run("convert", file, "-o", written, "--force")
        self.compare(name, "single", written, network, expected, largest)
        if not any(layer["type"] in WITHOUT_DOUBLE for layer in network["layers"]):
            self.run("convert", file, "-o", written, "--force", "--double")
            self.compare(name, "double", written, network, expected, largest)
            self.doubles += 1

    def round_trip(self, file):
        """JSON → JSON with safetensors → JSON is what JSON → JSON gives."""
        beside, direct = self.folder / "beside.json", self.run("convert", file).stdout
        self.run("convert", file, "-o", beside, "--tensors", "--force")
        assert self.run("convert", beside).stdout == direct, "not the same network"

    def compare(self, name, precision, written, network, expected, largest):
        model = onnx.load(written)
        onnx.checker.check_model(model, full_check=True)
        self.operators.update(node.op_type for node in model.graph.node)
        session = onnxruntime.InferenceSession(written, providers=["CPUExecutionProvider"])
        [node] = session.get_inputs()
        kind = np.float32 if precision == "single" else np.float64
        shape = [len(network["inputs"]), *node.shape[1:]]
        x = np.array(network["inputs"], dtype=kind).reshape(shape)
        [output] = session.run(None, {node.name: x})
        assert session.get_outputs()[0].name == "output" and node.name == "input"
        difference = np.abs(output.reshape(expected.shape) - expected).max() / max(largest, 1e-300)
        assert difference <= TOLERANCE[precision], f"{precision}: {difference:.1e} of the largest value"
        self.worst[precision] = max(self.worst[precision], difference)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    graphs = int(sys.argv[2]) if len(sys.argv) == 3 else GRAPHS
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Path(sys.argv[1]).resolve(), Path(folder))
        for path in sorted((ROOT / "networks").glob("*.json")):
            checks.network(path.name, json.loads(path.read_text()))
        for seed in range(graphs):
            checks.network(f"random graph {seed}", Drawn(seed).file())
    print(f"operators: {', '.join(sorted(checks.operators))}")
    print(f"largest difference, of the largest value: {checks.worst['single']:.1e} in 32 bits, "
          f"{checks.worst['double']:.1e} in 64 bits ({checks.doubles} networks)")
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


if __name__ == "__main__":
    main()
