#!/usr/bin/env python3
"""Recomputes every value of the golden files from the mathematics, and compares.

    python3 tests/python/golden.py tests/golden [--self-check]

Needs numpy alone, and not deeptaylor: nothing here was taken from it. Every layer is written out as one whole matrix from the
levels that it reads to the level that it makes, and every rule as the formula over that matrix. A case passes where each
activation and each relevance of each level is within 1e-12, of the value or of 1. The files were first computed by a script that
is not kept; this one takes its place. It reads them only: it never writes one.

With --self-check every case is compared several times, each time with one number changed a little. It passes where that is
noticed each time. Ends with the line `N passed, M failed`, and with status 1 where something fails.
"""

import json
import sys
from pathlib import Path

import numpy as np

TOLERANCE = 1e-12
# What --self-check changes a number by; it has to be noticed.
CHANGE = 1e-10
POOLS = ("sum_pool", "sum_pool2d", "avg_pool2d")
ROUTING = ("scale", "gather", "concat")


# The network: every layer a matrix -------------------------------------------------------------------------------------


def pair(value):
    return (value, value) if isinstance(value, int) else tuple(value)


def sides_of_padding(value):
    """Top, left, bottom, right."""
    if isinstance(value, int):
        return (value,) * 4
    return tuple(value) if len(value) == 4 else (value[0], value[1], value[0], value[1])


def places(layer, shape, kernel, stride):
    """For every place of a window over a picture: the row and column of each of its taps, those on padding as -1."""
    _, height, width = shape
    dilation, (top, left, bottom, right) = pair(layer.get("dilation", 1)), sides_of_padding(layer.get("padding", 0))
    rows = (height + top + bottom - dilation[0] * (kernel[0] - 1) - 1) // stride[0] + 1
    columns = (width + left + right - dilation[1] * (kernel[1] - 1) - 1) // stride[1] + 1
    row = np.arange(rows)[:, None] * stride[0] + np.arange(kernel[0]) * dilation[0] - top
    column = np.arange(columns)[:, None] * stride[1] + np.arange(kernel[1]) * dilation[1] - left
    row = np.where((row >= 0) & (row < height), row, -1)
    column = np.where((column >= 0) & (column < width), column, -1)
    return row, column


class Layer:
    """A layer: `weights[i, j]` over the inputs of all its branches, `reach[i, j]` where unit j sees input i at all."""

    def __init__(self, described, number, sources, shapes):
        self.described, self.type, self.sources = described, described["type"], sources
        self.name, self.number = described.get("name"), number
        self.read = [shapes[source] for source in sources]
        self.units_read = sum(int(np.prod(shape)) for shape in self.read)
        getattr(self, "of_" + self.type)()
        bias = np.asarray(described.get("bias", 0.0), dtype=float).ravel()
        units = int(np.prod(self.shape))
        # A bias stands for all, or a channel, or a unit.
        self.bias = np.repeat(bias, units // len(bias)) if len(bias) else np.zeros(units)

    def start(self, shape):
        self.shape = shape
        size = (self.units_read, int(np.prod(shape)))
        self.weights, self.reach = np.zeros(size), np.zeros(size, dtype=bool)

    def of_dense(self):
        weights = np.asarray(self.described["weights"], dtype=float)
        self.weights = weights.T if self.described.get("weights_order") == "out_in" else weights
        self.shape, self.reach = (self.weights.shape[1],), np.ones(self.weights.shape, dtype=bool)

    def of_conv2d(self):
        kernels = np.asarray(self.described["weights"], dtype=float)
        out, of_group, *kernel = kernels.shape
        groups = self.described.get("groups", 1)
        (shape,) = self.read
        row, column = places(self.described, shape, kernel, pair(self.described.get("stride", 1)))
        self.start((out, len(row), len(column)))
        numbers = np.arange(np.prod(shape)).reshape(shape)
        made = np.arange(np.prod(self.shape)).reshape(self.shape)
        for o, c, y, x, a, b in np.ndindex(out, of_group, len(row), len(column), *kernel):
            if row[y, a] >= 0 and column[x, b] >= 0:
                channel = o // (out // groups) * of_group + c
                at = numbers[channel, row[y, a], column[x, b]], made[o, y, x]
                self.weights[at] += kernels[o, c, a, b]
                self.reach[at] = True

    def of_window(self, average=False):
        (shape,) = self.read
        kernel = pair(self.described["kernel"])
        row, column = places(self.described, shape, kernel, pair(self.described.get("stride", list(kernel))))
        self.start((shape[0], len(row), len(column)))
        numbers = np.arange(np.prod(shape)).reshape(shape)
        made = np.arange(np.prod(self.shape)).reshape(self.shape)
        for c, y, x in np.ndindex(*self.shape):
            inside = numbers[c][np.ix_(row[y][row[y] >= 0], column[x][column[x] >= 0])].ravel()
            taps = kernel[0] * kernel[1] if self.described.get("count_padding") else len(inside)
            self.weights[inside, made[c, y, x]] = 1 / taps if average else 1.0
            self.reach[inside, made[c, y, x]] = True

    def of_sum_pool2d(self):
        self.of_window()

    def of_max_pool2d(self):
        self.of_window()

    def of_avg_pool2d(self):
        self.of_window(average=True)

    def of_sum_pool(self):
        size = self.described.get("size", self.units_read)
        self.weights = np.kron(np.eye(self.units_read // size), np.ones((size, 1)))
        self.shape, self.reach = (self.units_read // size,), self.weights != 0

    def of_add(self):
        units = int(np.prod(self.read[0]))
        self.weights = np.vstack([np.eye(units)] * len(self.read))
        self.shape, self.reach = self.read[0], self.weights != 0

    def of_concat(self):
        pictures = all(len(shape) == 3 for shape in self.read) and len({tuple(shape[1:]) for shape in self.read}) == 1
        channels = sum(shape[0] for shape in self.read)
        self.shape = (channels, *self.read[0][1:]) if pictures else (self.units_read,)
        self.weights = np.eye(self.units_read)
        self.reach = self.weights != 0

    def of_scale(self):
        (self.shape,) = self.read
        weights = np.asarray(self.described["weights"], dtype=float)
        self.reach = np.eye(self.units_read, dtype=bool)
        self.weights = np.diag(np.repeat(weights, self.units_read // len(weights)))

    def of_gather(self):
        indices = self.described["indices"]
        self.start(tuple(self.described.get("shape", [len(indices)])))
        for j, i in enumerate(indices):
            if i is not None:
                self.weights[i, j] = self.reach[i, j] = 1

    def activate(self, z):
        kind = self.described.get("activation", "identity")
        return {"relu": np.maximum(z, 0), "relu6": np.clip(z, 0, 6), "identity": z, "linear": z}[kind]

    def rectifies(self):
        return self.described.get("activation") in ("relu", "relu6")


class Network:
    """Levels and layers, and what the kinds of layer tell about every level."""

    def __init__(self, described):
        self.described = described
        shapes, names = [tuple(described["input"]["shape"])], {"input": 0}
        self.layers = []
        for number, layer in enumerate(described["layers"], start=1):
            source = layer.get("from", number - 1)
            sources = source if isinstance(source, list) else [source]
            sources = [names[source] if isinstance(source, str) else source for source in sources]
            self.layers.append(Layer(layer, number, sources, shapes))
            shapes.append(self.layers[-1].shape)
            names[layer.get("name")] = number
        self.mark_constants(int(np.prod(shapes[0])))
        self.mark_signs()
        self.mark_first(int(np.prod(shapes[0])))

    def mark_constants(self, inputs):
        """A unit that is 0 whatever the input is no input of any other."""
        constant = [np.zeros(inputs, dtype=bool)]
        for layer in self.layers:
            below = np.concatenate([constant[source] for source in layer.sources])
            # A max pool weighs constants all the same: they are values that may be the largest.
            layer.in_window = layer.reach.copy()
            layer.reach = layer.reach & ~below[:, None]
            constant.append(~layer.reach.any(axis=0) & (layer.bias == 0))

    def mark_signs(self):
        """Which levels can be negative."""
        negative = [True]
        for layer in self.layers:
            below = any(negative[source] for source in layer.sources)
            layer.signed = below
            can = layer.type in ("dense", "conv2d") or below
            if layer.type == "scale":
                can = below or (layer.weights < 0).any() or (layer.bias < 0).any()
            negative.append(bool(can and not layer.rectifies()))

    def mark_first(self, inputs):
        """Which layers are first, and the box in which the inputs of such a layer lie."""
        given = self.described["input"].get("bounds")
        box = None
        if given is not None:
            given = np.asarray(given, dtype=float)
            box = (np.full(inputs, given[0]), np.full(inputs, given[1])) if given.ndim == 1 else tuple(given)
        passed_on = [(True, box)]
        for layer in self.layers:
            below = [passed_on[source] for source in layer.sources]
            routed = all(is_input for is_input, _ in below)
            layer.first = routed and layer.type in ("dense", "conv2d")
            layer.box = None
            if routed and box is not None:
                layer.box = tuple(np.concatenate([box[side] for _, box in below]) for side in (0, 1))
            ends = not routed or layer.type not in ROUTING or layer.rectifies()
            passed_on.append((False, None) if ends else (True, moved(layer)))

    def forward(self, x):
        levels, self.z = [np.asarray(x, dtype=float)], [None]
        for layer in self.layers:
            below = np.concatenate([levels[source] for source in layer.sources])
            if layer.type == "max_pool2d":
                z = np.where(layer.in_window, below[:, None], -np.inf).max(axis=0, initial=-np.inf)
                z = np.where(np.isinf(z), 0, z)
            else:
                z = below @ layer.weights + layer.bias
            self.z.append(z)
            levels.append(layer.activate(z))
        return levels


def moved(layer):
    """The box of a level that a layer of routing makes."""
    if layer.box is None:
        return None
    low, high = (side @ layer.weights + layer.bias for side in layer.box)
    return np.minimum(low, high), np.maximum(low, high)


# The rules: every one the formula over the matrix -----------------------------------------------------------------------


def positive(x):
    return np.maximum(x, 0)


def negative(x):
    return np.minimum(x, 0)


def over(numerator, denominator):
    """The quotient; 0/0 is 0, and so is what could not be handed on."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator != 0)


def rule_of(layer, rule):
    """What a layer follows, where the plan is one rule."""
    if layer.type == "max_pool2d":
        return ("largest",)
    if layer.type in ROUTING:
        return ("routing",)
    if layer.type in POOLS or layer.type == "add" and not layer.signed:
        return ("proportional",)
    name, *parameters = rule if isinstance(rule, list) else [rule]
    if name == "deep-taylor":
        first = layer.first
        name = ("zB" if layer.box is not None else "w2") if first else "z+"
    elif name == "zB" and not layer.first:
        name = "w2"
    return (name, *parameters)


def hand_down(layer, rule, keep, x, z, relevance):
    """What the inputs of all branches get from a layer: Σ_j q_ij / (Σ_i' q_i'j + …) · R_j."""
    name, *parameters = rule
    w = np.where(layer.reach, layer.weights, 0)
    ties = layer.reach.astype(float)
    products = x[:, None] * w
    bias = layer.bias if keep else np.zeros_like(layer.bias)

    def shared(q, besides=0.0):
        return q @ over(relevance, q.sum(axis=0) + besides)

    if name == "w2":
        return shared(w**2)
    if name == "flat":
        return shared(ties)
    if name == "z+":
        return shared(positive(products), positive(bias))
    if name == "zB":
        low, high = layer.box
        return shared(products - low[:, None] * positive(w) - high[:, None] * negative(w))
    if name == "z":
        return shared(products, bias)
    if name == "epsilon":
        mass = products.sum(axis=0) + bias
        return shared(products, bias + parameters[0] * np.where(mass < 0, -1, 1))
    if name == "gamma":
        (g,) = parameters
        part = np.where(z >= 0, positive(products), negative(products))
        of_bias = np.where(z >= 0, positive(bias), negative(bias))
        return shared(products + g * part, bias + g * of_bias)
    if name == "alpha-beta":
        a, b = parameters
        return a * shared(positive(products), positive(bias)) - b * shared(negative(products), negative(bias))
    if name == "routing":
        return (w != 0) @ relevance
    if name == "proportional":
        values = np.where(layer.reach, x[:, None], 0)
        silent = ~(values != 0).any(axis=0)
        return shared(np.where(silent, ties, values))
    assert name == "largest", name
    values = np.where(layer.reach, x[:, None], -np.inf)
    constant = (layer.in_window & ~layer.reach).any(axis=0)
    handed = np.zeros_like(x)
    for j in np.flatnonzero(layer.reach.any(axis=0)):
        # The first of the largest; a constant only where no input is as large.
        winner = int(np.argmax(values[:, j]))
        if not (constant[j] and values[winner, j] < 0):
            handed[winner] += relevance[j]
    return handed


def explain(network, case):
    """Activations and relevances of a case, a list a level."""
    levels = network.forward(case["input"])
    output, target = levels[-1], case["target"]
    start = output.copy() if target == "all" else np.where(np.arange(len(output)) == target, output, 0.0)
    relevance = [np.zeros_like(level) for level in levels[:-1]] + [start]
    for number in range(len(network.layers), 0, -1):
        layer = network.layers[number - 1]
        x = np.concatenate([levels[source] for source in layer.sources])
        rule = rule_of(layer, case["rule"])
        handed = hand_down(layer, rule, case["bias"] == "keep", x, network.z[number], relevance[number])
        for source in layer.sources:
            units = len(levels[source])
            relevance[source] += handed[:units]
            handed = handed[units:]
    return {"activations": levels, "relevance": relevance}


# The comparison ---------------------------------------------------------------------------------------------------------


def faults(case, found):
    """Where a case and what was found differ."""
    for what in ("activations", "relevance"):
        if len(case[what]) != len(found[what]):
            yield f"{what}: {len(case[what])} levels, found {len(found[what])}"
            continue
        for level, (expected, values) in enumerate(zip(case[what], found[what])):
            expected = np.asarray(expected, dtype=float)
            if expected.shape != values.shape:
                yield f"{what} of level {level}: {expected.shape} values, found {values.shape}"
                continue
            off = np.abs(expected - values)
            allowed = TOLERANCE * np.maximum(1, np.maximum(np.abs(expected), np.abs(values)))
            # Written so that no number, which is not within anything, is a fault.
            for unit in np.flatnonzero(~(off <= allowed)):
                yield f"{what} of level {level}, unit {unit}: the file has {expected[unit]!r}, the mathematics {values[unit]!r}"


def changes(case):
    """The case with one number changed: in every level, of both kinds."""
    for what in ("activations", "relevance"):
        for level, values in enumerate(case[what]):
            # Not always the first: the one whose turn it is by the number of the level.
            unit = level % len(values)
            changed = list(values)
            changed[unit] += CHANGE * max(1, abs(changed[unit]))
            yield {**case, what: [*case[what][:level], changed, *case[what][level + 1 :]]}


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--self-check"]
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    self_check = "--self-check" in sys.argv
    passed, failed, files = 0, 0, 0
    for path in sorted(Path(arguments[0]).glob("*.json")):
        golden = json.loads(path.read_text())
        if "cases" not in golden:
            # zennit's and captum's values, which another script has made.
            continue
        files += 1
        network = Network(golden["network"])
        for number, case in enumerate(golden["cases"]):
            found = explain(network, case)
            told = list(faults(case, found))
            if self_check and not told:
                unnoticed = sum(not any(faults(changed, found)) for changed in changes(case))
                told = [f"{unnoticed} changed numbers are not noticed"] if unnoticed else []
            passed, failed = passed + (not told), failed + bool(told)
            for fault in told[:5]:
                print(f"{path.name}, case {number}, {case['rule']}, bias {case['bias']}: {fault}")
    print(f"{files} files")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
