#!/usr/bin/env python3
"""Holds `deeptaylor explain --exact` against Python's own fractions, over random networks that are graphs.

    python3 tests/python/exact.py target/debug/deeptaylor [NETWORKS [FIRST]]

Needs nothing but Python. Every network has layers of every kind, biases and bounds drawn at random; the rules, the rules of
single layers, what becomes of the biases, and the targets are drawn as well. Here each is computed a second time, unit by unit
and tie by tie, as the definitions read. Every activation, every relevance of every level, every gap, what was lost with its unit
and cause, what was absorbed, the checks and the exit status have to be equal: there is no tolerance. FIRST is the number of the
first network, for one that failed. Ends with the line `N passed, M failed`, and with status 1 where something fails.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path

NETWORKS = 1000
# What so many networks have to meet: every rule, every cause of a loss but those of f64, a bias and an ε that absorb, and a box
# that zᴮ cannot have.
MEETS = {"w2", "flat", "z+", "zB", "z", "epsilon", "gamma", "alpha-beta", "proportional", "largest", "routing"}
MEETS |= {"no_inputs", "no_weights", "bias_alone", "did_not_fire", "no_support", "no_opposition", "at_bound", "cancels"}
MEETS |= {"cancels_with_bias", "constant_largest", "bias", "refused"}
ZERO, ONE, SIX = Fraction(0), Fraction(1), Fraction(6)
ROUTING = ("scale", "gather", "concat")
WITH_WEIGHTS = ("dense", "conv2d")
POOLS = ("sum_pool", "sum_pool2d", "avg_pool2d")


def exactly(x):
    """The decimal that a number is written as."""
    return Fraction(repr(x))


# A random network -----------------------------------------------------------------------------------------------------


class Drawn:
    """A network file that grows layer by layer; every level is known by its shape."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        # Few values: sums that cancel, inputs that tie and values at their bounds are frequent.
        self.coarse = self.chance(0.35)
        side = self.below(2, 4)
        self.shapes = [self.one_of([[self.below(2, 5)], [self.below(1, 2), side, self.below(2, 4)]])]
        self.layers, self.read = [], set()
        head = {"shape": self.shapes[0]}
        if self.chance(2 / 3):
            head["bounds"] = self.bounds()
        steps = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("of_")]
        wanted = self.below(2, 5)
        while len(self.layers) < wanted:
            self.one_of(steps)(self.source())
        self.close()
        self.file = {"name": f"random {seed}", "input": head, "layers": self.layers}

    def below(self, low, high):
        return self.random.randint(low, high)

    def chance(self, part):
        return self.random.random() < part

    def one_of(self, list_):
        return self.random.choice(list_)

    def number(self):
        """Small, of two digits after the point at most, and often 0."""
        if self.coarse:
            return self.below(-1, 1)
        return 0 if self.chance(0.2) else self.one_of([self.below(-3, 3), self.below(-20, 20) / 10, self.below(-6, 6) / 4])

    def numbers(self, count):
        return [self.number() for _ in range(count)]

    def units(self, level):
        count = 1
        for side in self.shapes[level]:
            count *= side
        return count

    def bounds(self):
        tenths = 10 if self.coarse else 1
        low, high = (lambda: -self.below(0, 30 // tenths) * tenths / 10), (lambda: self.below(0, 30 // tenths) * tenths / 10)
        if self.chance(0.5):
            return [low(), high()]
        count = self.units(0)
        return [[low() for _ in range(count)], [high() for _ in range(count)]]

    def source(self):
        """An earlier level; the last one more often than others."""
        return len(self.layers) if self.chance(0.5) else self.below(0, len(self.layers))

    def name(self, level):
        return "input" if level == 0 else f"l{level}"

    def push(self, layer, sources, shape, activation=True):
        layer["name"] = self.name(len(self.layers) + 1)
        if sources != [len(self.layers)]:
            names = [self.name(source) for source in sources]
            layer["from"] = names if len(names) > 1 else names[0]
        if activation and self.chance(0.8):
            layer["activation"] = self.one_of(["relu", "relu", "relu", "relu6", "identity"])
        self.layers.append(layer)
        self.shapes.append(shape)
        self.read.update(sources)

    def with_bias(self, layer, count):
        if self.chance(0.7):
            layer["bias"] = [0 if self.chance(0.2) else self.number() for _ in range(count)]
        return layer

    def of_dense(self, source, units=None):
        units = units or self.below(2, 4)
        rows, columns = self.units(source), units
        layer = {"type": "dense"}
        if self.chance(0.3):
            layer["weights_order"] = "out_in"
            rows, columns = columns, rows
        layer["weights"] = [self.numbers(columns) for _ in range(rows)]
        self.push(self.with_bias(layer, units), [source], [units])

    of_dense_again = of_dense

    def window(self, shape, kernel, of_pool):
        """The keys of a window that fits; none where it does not."""
        _, height, width = shape
        keys = {}
        dilation = [1, 1]
        if self.chance(0.2):
            dilation = [self.below(1, 2), self.below(1, 2)]
            keys["dilation"] = dilation
        padding = [0] * 4
        if self.chance(0.5):
            padding = [self.below(0, min(1, kernel[0] - 1)), self.below(0, min(1, kernel[1] - 1))] * 2
            if self.chance(0.5):
                padding = [padding[0], padding[1], 0, self.below(0, 1) if kernel[1] > 1 else 0]
            keys["padding"] = padding
        stride = kernel if of_pool else [1, 1]
        if self.chance(0.5):
            stride = [self.below(1, 2), self.below(1, 2)]
            keys["stride"] = stride
        rows = height + padding[0] + padding[2] - dilation[0] * (kernel[0] - 1) - 1
        columns = width + padding[1] + padding[3] - dilation[1] * (kernel[1] - 1) - 1
        if rows < 0 or columns < 0:
            return None
        return keys, [rows // stride[0] + 1, columns // stride[1] + 1]

    def of_conv2d(self, source):
        shape = self.shapes[source]
        if len(shape) != 3:
            return
        kernel = [self.below(1, 3), self.below(1, 2)]
        found = self.window(shape, kernel, of_pool=False)
        if found is None:
            return
        keys, sides = found
        groups = shape[0] if self.chance(0.3) else 1
        out = groups * self.below(1, 2)
        if out * sides[0] * sides[1] > 18:
            return
        weights = [[[self.numbers(kernel[1]) for _ in range(kernel[0])] for _ in range(shape[0] // groups)] for _ in range(out)]
        layer = {"type": "conv2d", "weights": weights, **keys}
        if groups > 1:
            layer["groups"] = groups
        self.push(self.with_bias(layer, out), [source], [out, *sides])

    of_conv2d_again = of_conv2d

    def of_pool2d(self, source):
        shape = self.shapes[source]
        if len(shape) != 3:
            return
        kernel = [self.below(1, 2), self.below(1, 3)]
        found = self.window(shape, kernel, of_pool=True)
        if found is None or shape[0] * found[1][0] * found[1][1] > 18:
            return
        layer = {"type": self.one_of(["sum_pool2d", "avg_pool2d", "max_pool2d", "max_pool2d"]), "kernel": kernel, **found[0]}
        if layer["type"] == "avg_pool2d" and self.chance(0.5):
            layer["count_padding"] = True
        self.push(layer, [source], [shape[0], *found[1]])

    of_pool2d_again = of_pool2d

    def of_sum_pool(self, source):
        units = self.units(source)
        size = self.one_of([size for size in range(1, units + 1) if units % size == 0])
        layer = {"type": "sum_pool"} if size == units else {"type": "sum_pool", "size": size}
        self.push(layer, [source], [units // size])

    def of_add(self, source):
        alike = [level for level, shape in enumerate(self.shapes) if shape == self.shapes[source]]
        sources = [source, *(self.one_of(alike) for _ in range(self.below(1, 2)))]
        self.random.shuffle(sources)
        self.push({"type": "add"}, sources, self.shapes[source])

    of_add_again = of_add

    def of_concat(self, source):
        first = self.shapes[source]
        others = [level for level in range(len(self.shapes)) if self.units(source) + self.units(level) <= 18]
        if not others:
            return
        other = self.one_of(others)
        second = self.shapes[other]
        if len(first) == len(second) == 3 and first[1:] == second[1:]:
            shape = [first[0] + second[0], *first[1:]]
        elif len(first) == len(second) == 1:
            shape = [first[0] + second[0]]
        else:
            return
        self.push({"type": "concat"}, [source, other], shape, activation=self.chance(0.3))

    def of_scale(self, source):
        count = self.one_of([self.shapes[source][0], self.units(source)])
        layer = {"type": "scale", "weights": self.numbers(count)}
        self.push(self.with_bias(layer, count), [source], self.shapes[source], activation=self.chance(0.5))

    def of_gather(self, source):
        shape = self.one_of([[self.below(2, 6)], [1, 2, 2], [2, 2, 1], [1, 3, 3]])
        count = 1
        for side in shape:
            count *= side
        indices = [None if self.chance(0.2) else self.below(0, self.units(source) - 1) for _ in range(count)]
        layer = {"type": "gather", "indices": indices}
        if len(shape) == 3:
            layer["shape"] = shape
        self.push(layer, [source], shape, activation=self.chance(0.3))

    def of_gather_and_max_pool(self, source):
        """Constants among what may be the largest."""
        self.of_gather(source)
        shape = self.shapes[-1]
        if len(shape) == 3:
            self.push({"type": "max_pool2d", "kernel": [1, shape[2]]}, [len(self.layers)], [shape[0], shape[1], 1])

    def close(self):
        """Every level that is not read gets a dense layer, and these are added up or put side by side."""
        open_ = [level for level in range(len(self.shapes)) if level not in self.read]
        if len(open_) == 1:
            return
        ends = []
        for level in open_:
            self.of_dense(level, units=2)
            ends.append(len(self.layers))
        kind = self.one_of(["add", "concat"])
        self.push({"type": kind}, ends, [2] if kind == "add" else [2 * len(ends)])

    def sample(self):
        """Inputs as they are typed: fractions, decimals, whole numbers; inside of the bounds where these are given."""
        count = self.units(0)
        bounds = self.file["input"].get("bounds", [-3, 3])
        typed = []
        for i in range(count):
            low, high = (side[i] if isinstance(side, list) else side for side in bounds)
            low, high = exactly(low), exactly(high)
            thirds = low + (high - low) * Fraction(self.below(0, 6), 6)
            if self.coarse:
                thirds = Fraction(round(thirds))
            typed.append(self.one_of([thirds, thirds, ZERO, low, high]))
        return typed

    def rule(self):
        if self.coarse and self.chance(0.6):
            # One that cancels, beside ones that give relevance to units that did not fire.
            return self.one_of(["z", "gamma:0.25", "w2", "flat"])
        names = ["w2", "flat", "z+", "z", "deep-taylor", "epsilon:0.25", "epsilon:1", "epsilon:0.01"]
        names += ["gamma:0.25", "gamma:0", "gamma:1.5", "alpha-beta:2,1", "alpha-beta:1,0", "alpha-beta:1.5,0.5"]
        return self.one_of(names + (["zB", "zB"] if "bounds" in self.file["input"] else []))


# The same by its definitions ------------------------------------------------------------------------------------------


def pair(value):
    return [value, value] if isinstance(value, int) else value


def four(value):
    if isinstance(value, int):
        return [value] * 4
    return value if len(value) == 4 else [value[0], value[1]] * 2


def flat_list(values):
    return [number for part in values for number in flat_list(part)] if isinstance(values, list) else [values]


class Layer:
    """A layer as units with their ties.

    `ties[j]` lists (branch, input, weight) of all that unit j sees, without padding. Constants are taken out by the network.
    """

    def __init__(self, file, sources, shapes):
        self.file, self.type, self.sources = file, file["type"], sources
        self.read = [shapes[source] for source in sources]
        self.ties, self.shape = getattr(self, "of_" + self.type)()
        bias = [exactly(b) for b in file.get("bias", [])]
        units = len(self.ties)
        self.bias = [bias[j * len(bias) // units] if bias else ZERO for j in range(units)]
        self.activation = file.get("activation", "identity")

    def of_dense(self):
        weights = self.file["weights"]
        if self.file.get("weights_order") == "out_in":
            weights = [list(column) for column in zip(*weights)]
        units = len(weights[0])
        return [[(0, i, exactly(row[j])) for i, row in enumerate(weights)] for j in range(units)], [units]

    def taps(self, kernel, stride):
        """For every place: the taps (row of the kernel, column of it, row of the picture, column of it) that are no padding."""
        _, height, width = self.read[0]
        down, right = pair(self.file.get("dilation", 1))
        top, left, bottom, end = four(self.file.get("padding", 0))
        rows = [y for y in range(-top, height + bottom, stride[0]) if y + down * (kernel[0] - 1) < height + bottom]
        columns = [x for x in range(-left, width + end, stride[1]) if x + right * (kernel[1] - 1) < width + end]
        places = []
        for y, x in product(rows, columns):
            seen = [(a, b, y + a * down, x + b * right) for a, b in product(range(kernel[0]), range(kernel[1]))]
            places.append([tap for tap in seen if 0 <= tap[2] < height and 0 <= tap[3] < width])
        return places, [len(rows), len(columns)]

    def at(self, channel, y, x):
        _, height, width = self.read[0]
        return (channel * height + y) * width + x

    def of_conv2d(self):
        weights = self.file["weights"]
        kernel = [len(weights[0][0]), len(weights[0][0][0])]
        places, sides = self.taps(kernel, pair(self.file.get("stride", 1)))
        of_group, groups = len(weights[0]), self.file.get("groups", 1)
        ties = []
        for out in range(len(weights)):
            group = out * groups // len(weights)
            for seen in places:
                channels = range(of_group)
                ties.append(
                    [
                        (0, self.at(group * of_group + c, y, x), exactly(weights[out][c][a][b]))
                        for c in channels
                        for a, b, y, x in seen
                    ]
                )
        return ties, [len(weights), *sides]

    def of_sum_pool2d(self, weight=lambda seen, kernel: ONE):
        kernel = pair(self.file["kernel"])
        places, sides = self.taps(kernel, pair(self.file.get("stride", kernel)))
        ties = []
        for channel in range(self.read[0][0]):
            for seen in places:
                ties.append([(0, self.at(channel, y, x), weight(len(seen), kernel)) for _, _, y, x in seen])
        return ties, [self.read[0][0], *sides]

    of_max_pool2d = of_sum_pool2d

    def of_avg_pool2d(self):
        if self.file.get("count_padding"):
            return self.of_sum_pool2d(lambda seen, kernel: Fraction(1, kernel[0] * kernel[1]))
        return self.of_sum_pool2d(lambda seen, kernel: Fraction(1, seen))

    def of_sum_pool(self):
        units = size_of(self.read[0])
        size = self.file.get("size", units)
        return [[(0, i, ONE) for i in range(j, j + size)] for j in range(0, units, size)], [units // size]

    def of_add(self):
        branches = range(len(self.read))
        return [[(branch, j, ONE) for branch in branches] for j in range(size_of(self.read[0]))], self.read[0]

    def of_concat(self):
        ties = [[(branch, i, ONE)] for branch, shape in enumerate(self.read) for i in range(size_of(shape))]
        if len(self.read[0]) == 3:
            return ties, [sum(shape[0] for shape in self.read), *self.read[0][1:]]
        return ties, [len(ties)]

    def of_scale(self):
        weights = [exactly(w) for w in self.file["weights"]]
        units = size_of(self.read[0])
        return [[(0, j, weights[j * len(weights) // units])] for j in range(units)], self.read[0]

    def of_gather(self):
        indices = self.file["indices"]
        return [[] if i is None else [(0, i, ONE)] for i in indices], self.file.get("shape", [len(indices)])

    def activate(self, z):
        if self.activation == "relu":
            return max(ZERO, z)
        return min(SIX, max(ZERO, z)) if self.activation == "relu6" else z


def size_of(shape):
    size = 1
    for side in shape:
        size *= side
    return size


class Refused(Exception):
    """The program has to refuse this plan on this network."""


class Network:
    def __init__(self, file):
        self.file = file
        self.shapes, numbers = [file["input"]["shape"]], {"input": 0}
        self.layers = [None]
        for number, layer in enumerate(file["layers"], start=1):
            source = layer.get("from")
            names = source if isinstance(source, list) else [source]
            sources = [number - 1] if source is None else [numbers[name] for name in names]
            self.layers.append(Layer(layer, sources, self.shapes))
            self.shapes.append(self.layers[-1].shape)
            numbers[layer["name"]] = number
        self.find_constants()
        self.find_signs()
        self.find_first()

    def find_constants(self):
        """Units that are 0 whatever the input: they are no tie of any unit, but a max pool may find them the largest."""
        constant = [[False] * size_of(self.shapes[0])]
        for layer in self.layers[1:]:
            is_constant = lambda tie: constant[layer.sources[tie[0]]][tie[1]]
            layer.sees_constant = [any(map(is_constant, ties)) for ties in layer.ties]
            layer.ties = [[tie for tie in ties if not is_constant(tie)] for ties in layer.ties]
            constant.append([not ties and b == 0 for ties, b in zip(layer.ties, layer.bias)])

    def find_signs(self):
        negative = [True]
        for layer in self.layers[1:]:
            layer.signed = any(negative[source] for source in layer.sources)
            can = layer.signed or layer.type in WITH_WEIGHTS
            if layer.type == "scale":
                can = can or any(exactly(x) < 0 for x in layer.file["weights"] + layer.file.get("bias", []))
            negative.append(can and layer.activation == "identity")

    def find_first(self):
        """First layers, and the box in which the values lie that they read."""
        bounds = self.file["input"].get("bounds")
        count = size_of(self.shapes[0])
        box = None
        if bounds is not None:
            box = [[exactly(x) for x in side] if isinstance(side, list) else [exactly(side)] * count for side in bounds]
        # Of every level: whether it is the input passed on, and its box.
        self.boxes = [box]
        passed = [True]
        for layer in self.layers[1:]:
            only_input = all(passed[source] for source in layer.sources)
            layer.first = only_input and layer.type in WITH_WEIGHTS
            goes_on = only_input and layer.type in ROUTING and layer.activation == "identity"
            passed.append(goes_on)
            self.boxes.append(self.moved(layer) if goes_on and box is not None else None)

    def moved(self, layer):
        low, high = [], []
        for ties, b in zip(layer.ties, layer.bias):
            ends = [b, b]
            for branch, i, w in ties:
                of_input = [side[i] for side in self.boxes[layer.sources[branch]]]
                ends = [x + b for x in sorted(w * x for x in of_input)]
            low.append(ends[0])
            high.append(ends[1])
        return [low, high]

    def forward(self, x):
        """The values of every level, and the pre-activations."""
        levels, before = [x], [None]
        for layer in self.layers[1:]:
            z = []
            for ties, b, constant in zip(layer.ties, layer.bias, layer.sees_constant):
                values = [(levels[layer.sources[branch]][i], w) for branch, i, w in ties]
                if layer.type == "max_pool2d":
                    seen = [value for value, _ in values] + [ZERO] * constant
                    z.append(max(seen, default=ZERO))
                else:
                    z.append(sum((value * w for value, w in values), b))
            before.append(z)
            levels.append([layer.activate(value) for value in z])
        return levels, before

    def rules(self, plan, layer_rules):
        """The rule of every layer, as a list of its name and its parameters."""
        rules = [None]
        for number, layer in enumerate(self.layers[1:], start=1):
            if layer.type == "max_pool2d":
                rules.append(["largest"])
            elif layer.type in ROUTING:
                rules.append(["routing"])
            elif layer.type in POOLS or layer.type == "add" and not layer.signed:
                rules.append(["proportional"])
            else:
                rules.append(self.follows(number, layer, plan, layer_rules))
        return rules

    def follows(self, number, layer, plan, layer_rules):
        chosen, width = None, None
        for selector, rule in layer_rules:
            own = self.width(selector, number, layer)
            # The narrower wins, and of equally narrow ones the later.
            if own is not None and (width is None or own <= width):
                chosen, width = rule, own
        from_plan = chosen is None
        name, _, parameters = (plan if from_plan else chosen).partition(":")
        if name == "deep-taylor":
            name = "z+"
            if layer.first:
                name = "w2" if self.boxes[0] is None else "zB"
        elif name == "zB" and from_plan and not layer.first:
            name = "w2"
        if name == "zB" and layer.type == "add":
            name = "z+"
        if name == "zB":
            for source in layer.sources:
                low, high = self.boxes[source]
                if any(l > 0 for l in low) or any(h < 0 for h in high):
                    raise Refused(f"layer {number}: its box does not hold 0")
        return [name, *map(Fraction, parameters.split(","))] if parameters else [name]

    @staticmethod
    def width(selector, number, layer):
        """How wide a selector is that means a layer; none where it does not mean it."""
        if selector == layer.file["name"] or selector == str(number):
            return 0
        if selector == "first":
            return 1 if layer.first else None
        low, dash, high = selector.partition("-")
        if dash:
            return 2 + int(high) - int(low) if int(low) <= number <= int(high) else None
        return 1000 if selector == layer.type else None


class Explanation:
    """A sample explained: relevance, gaps, what was lost and absorbed."""

    def __init__(self, network, rules, keep, x, target):
        self.network, self.keep = network, keep
        self.levels, self.z = network.forward(x)
        self.relevance = [[ZERO] * len(level) for level in self.levels]
        self.relevance[-1], self.value = self.start(target)
        self.gap = [None] * len(self.levels)
        # (layer, unit, relevance, code) and (layer, by) -> relevance.
        self.lost, self.absorbed = [], Counter()
        for number in range(len(self.levels) - 1, -1, -1):
            held = sum((sum(level, ZERO) for level in self.relevance[: number + 1]), ZERO)
            self.gap[number] = abs(held - self.value)
            if number:
                for j, r in enumerate(self.relevance[number]):
                    if r != 0:
                        self.hand_down(number, rules[number], j, r)

    def start(self, target):
        output = self.levels[-1]
        none = [ZERO] * len(output)
        if target == "all":
            return list(output), sum(output, ZERO)
        if target == "max":
            target = str(output.index(max(output)))
        first, dash, second = target.partition("-")
        none[int(first)] = output[int(first)]
        if dash:
            none[int(second)] = -output[int(second)]
        return none, sum(none, ZERO)

    def give(self, layer, tie, amount):
        self.relevance[layer.sources[tie[0]]][tie[1]] += amount

    def hand_down(self, number, rule, j, r):
        layer = self.network.layers[number]
        ties = layer.ties[j]
        if rule[0] == "alpha-beta":
            self.fraction(number, j, ["support"], rule[1] * r)
            if rule[2] != 0:
                self.fraction(number, j, ["oppose"], -rule[2] * r)
        elif rule[0] == "largest":
            if not ties:
                return self.lose(number, j, r, "no_inputs")
            values = [self.at(layer, tie) for tie in ties]
            if layer.sees_constant[j] and max(values) < 0:
                return self.lose(number, j, r, "constant_largest")
            self.give(layer, ties[values.index(max(values))], r)
        elif rule[0] == "routing":
            if not ties or ties[0][2] == 0:
                return self.lose(number, j, r, "no_weights" if ties else "no_inputs")
            self.give(layer, ties[0], r)
        else:
            self.fraction(number, j, rule, r)
        return None

    def at(self, layer, tie):
        return self.levels[layer.sources[tie[0]]][tie[1]]

    def fraction(self, number, j, rule, r):
        """Shares r among the inputs of unit j by one fraction of a rule."""
        layer = self.network.layers[number]
        shares = [self.q(number, j, rule, tie) for tie in layer.ties[j]]
        if rule[0] == "proportional" and not any(shares):
            shares = [ONE] * len(shares)
        of_bias = self.bias_share(number, j, rule) if self.keep else ZERO
        mass = sum(shares, of_bias)
        epsilon = ZERO
        if rule[0] == "epsilon":
            epsilon = rule[1] if mass >= 0 else -rule[1]
        if mass + epsilon == 0:
            return self.lose(number, j, r, self.cause(number, j, rule, shares, of_bias))
        s = r / (mass + epsilon)
        for tie, q in zip(layer.ties[j], shares):
            self.give(layer, tie, q * s)
        self.absorbed[number, "bias"] += of_bias * s
        self.absorbed[number, "epsilon"] += epsilon * s
        return None

    def q(self, number, j, rule, tie):
        layer, x, w = self.network.layers[number], self.at(self.network.layers[number], tie), tie[2]
        contribution = x * w
        if rule[0] == "w2":
            return w * w
        if rule[0] == "flat":
            return ONE
        if rule[0] in ("z+", "support"):
            return max(ZERO, contribution)
        if rule[0] == "oppose":
            return min(ZERO, contribution)
        if rule[0] == "zB":
            low, high = (side[tie[1]] for side in self.network.boxes[layer.sources[tie[0]]])
            return contribution - low * max(ZERO, w) - high * min(ZERO, w)
        if rule[0] in ("z", "epsilon"):
            return contribution
        if rule[0] == "gamma":
            part = max if self.z[number][j] >= 0 else min
            return contribution + rule[1] * part(ZERO, contribution)
        assert rule[0] == "proportional", rule
        return x

    def bias_share(self, number, j, rule):
        b = self.network.layers[number].bias[j]
        if rule[0] in ("z+", "support"):
            return max(ZERO, b)
        if rule[0] == "oppose":
            return min(ZERO, b)
        if rule[0] in ("z", "epsilon"):
            return b
        if rule[0] == "gamma":
            part = max if self.z[number][j] >= 0 else min
            return b + rule[1] * part(ZERO, b)
        return ZERO

    def cause(self, number, j, rule, shares, of_bias):
        layer, value = self.network.layers[number], self.levels[number][j]
        if not layer.ties[j]:
            return "no_inputs"
        if all(w == 0 for _, _, w in layer.ties[j]):
            return "no_weights"
        if any(shares):
            return "cancels_with_bias" if of_bias != 0 else "cancels"
        if rule[0] in ("oppose", "zB"):
            return {"oppose": "no_opposition", "zB": "at_bound"}[rule[0]]
        if value == 0:
            return "did_not_fire"
        return "bias_alone" if value > 0 and layer.bias[j] > 0 else "no_support"

    def lose(self, number, j, r, cause):
        self.lost.append((number, j, r, cause))

    def promises(self, rules, contrast):
        """Conservation and positivity, whether each is promised."""
        conservation, positivity = True, not contrast
        for number, rule in enumerate(rules[1:], start=1):
            layer = self.network.layers[number]
            if rule[0] == "epsilon" or self.keep and self.has_bias_share(number, rule):
                conservation = False
            if rule[0] in ("z", "epsilon", "gamma") or rule[0] == "alpha-beta" and rule[2] != 0:
                positivity = False
            if layer.type in POOLS and layer.signed:
                positivity = False
        return conservation, positivity


    def has_bias_share(self, number, rule):
        """Whether a rule has any bias of a layer in a denominator, whatever the sample."""
        biases = self.network.layers[number].bias
        if rule[0] == "z+" or rule[0] == "alpha-beta" and rule[2] == 0:
            return any(b > 0 for b in biases)
        return rule[0] in ("z", "epsilon", "gamma", "alpha-beta") and any(biases)


# The comparison -------------------------------------------------------------------------------------------------------


def numbers(texts):
    return [Fraction(text) for text in texts]


def differences(sample, found, promised):
    """What the program says of a sample, where that is not what was found here."""

    def differ(what, said, here):
        if said != here:
            yield f"{what}: the program has {shown(said)}, the definitions {shown(here)}"

    for level, said in enumerate(sample["layers"]):
        yield from differ(f"activations of level {level}", numbers(said["activations"]), found.levels[level])
        yield from differ(f"relevance of level {level}", numbers(said["relevance"]), found.relevance[level])
        yield from differ(f"sum of level {level}", Fraction(said["sum"]), sum(found.relevance[level], ZERO))
        yield from differ(f"gap of level {level}", Fraction(said["gap"]), found.gap[level])
        yield from differ(f"least of level {level}", Fraction(said["least"]), min(found.relevance[level]))
    yield from differ("levels", len(sample["layers"]), len(found.levels))
    yield from differ("value", Fraction(sample["target"]["value"]), found.value)
    said = sorted((entry["layer"], entry["unit"], Fraction(entry["relevance"]), entry["code"]) for entry in sample["lost"])
    yield from differ("lost", said, sorted(found.lost))
    said = Counter()
    for entry in sample["absorbed"]:
        said[entry["layer"], entry["by"]] += Fraction(entry["relevance"])
    here = {key: amount for key, amount in found.absorbed.items() if amount != 0}
    yield from differ("absorbed", {key: amount for key, amount in said.items() if amount != 0}, here)
    parts = {
        "value": found.value,
        "input": sum(found.relevance[0], ZERO),
        "lost": sum((entry[2] for entry in found.lost), ZERO),
        "absorbed_by_bias": sum((amount for (_, by), amount in here.items() if by == "bias"), ZERO),
        "absorbed_by_epsilon": sum((amount for (_, by), amount in here.items() if by == "epsilon"), ZERO),
        "gap": ZERO,
    }
    yield from differ("balance", {key: Fraction(sample["balance"][key]) for key in parts}, parts)
    # The books of this script itself.
    balance = parts["input"] + parts["lost"] + parts["absorbed_by_bias"] + parts["absorbed_by_epsilon"]
    yield from differ("what is here of f(x)", balance, found.value)
    checks = sample["checks"]
    here = [promised[0], promised[1], min(map(min, found.relevance)) >= 0]
    said = [checks["conservation"]["promised"], checks["positivity"]["promised"], checks["positivity"]["holds"]]
    yield from differ("promised, promised, positive", said, here)
    scale = sum((abs(r) for r in found.relevance[-1]), ZERO)
    yield from differ("conserved", checks["conservation"]["holds"], max(found.gap) <= Fraction(1, 10**9) * scale)


def shown(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(shown, value)) + "]"
    return str(value)


class Checks:
    def __init__(self, program, folder):
        self.program, self.path = program, folder / "network.json"
        self.passed = self.failed = 0
        # What was met on the way, so that a run that met nothing is told from one that met all.
        self.met = Counter()

    def layer_rules(self, drawn, network):
        """Rules for some layers, each of a selector that means a layer which follows a rule."""
        follow = [n for n, layer in enumerate(network.layers) if n and network.rules("w2", [])[n] == ["w2"]]
        found = []
        while follow and drawn.chance(0.6 if drawn.coarse else 0.35):
            number = drawn.one_of(follow)
            layer = network.layers[number]
            selectors = [layer.file["name"], str(number), layer.type, f"{max(1, number - 1)}-{number}"]
            if layer.first:
                selectors.append("first")
            selector, rule = drawn.one_of(selectors), drawn.rule()
            boxed = selector == "first" or layer.first and selector in (layer.file["name"], str(number))
            if rule == "deep-taylor" or rule == "zB" and not (boxed or selector == "add"):
                rule = "z+"
            found.append((selector, rule))
        return found

    def network(self, seed):
        drawn = Drawn(seed)
        network = Network(drawn.file)
        self.path.write_text(json.dumps(drawn.file))
        rules = sorted({drawn.rule(), drawn.rule()})
        keep = drawn.chance(0.6 if drawn.coarse else 0.4)
        outputs = len(network.layers[-1].ties)
        targets = ["max", "all", str(drawn.below(0, outputs - 1))]
        if outputs > 1:
            targets.append("1-0")
        target = drawn.one_of(targets)
        layer_rules = self.layer_rules(drawn, network)
        samples = [drawn.sample() for _ in range(drawn.below(1, 2))]
        arguments = ["--exact", "--format", "json", "--rule", ",".join(rules), "--target", target]
        for selector, rule in layer_rules:
            arguments += ["--layer-rule", f"{selector}={rule}"]
        if keep:
            arguments += ["--rule-bias", "keep"]
        for sample in samples:
            arguments += ["--input=" + ",".join(map(str, sample))]
        done = subprocess.run([self.program, "explain", self.path, *arguments], capture_output=True, text=True, check=False)
        told = list(self.faults(network, rules, layer_rules, keep, target, samples, done))
        self.passed, self.failed = self.passed + (not told), self.failed + bool(told)
        for fault in told[:4]:
            print(f"network {seed} ({' '.join(arguments)}): {fault}")

    def faults(self, network, rules, layer_rules, keep, target, samples, done):
        try:
            every = [network.rules(rule, layer_rules) for rule in rules]
        except Refused as refused:
            self.met["refused"] += 1
            if done.returncode != 2 or "0" not in done.stderr:
                yield f"{refused}, but status {done.returncode}: {done.stderr}"
            return
        if done.returncode not in (0, 1):
            yield f"status {done.returncode}: {done.stderr}"
            return
        result = json.loads(done.stdout)
        documents = result["explanations"] if len(rules) > 1 else [result]
        if [len(document["samples"]) for document in documents] != [len(samples)] * len(rules):
            yield "not a document a rule, with all samples"
            return
        fails = False
        for rule, of_layers, document in zip(rules, every, documents):
            said = [layer["rule"] for layer in document["network"]["layers"]]
            if said != [None, *(spelt(rule) for rule in of_layers[1:])]:
                yield f"{rule}: the program's rules are {said}, the definitions' {of_layers}"
                continue
            for x, sample in zip(samples, document["samples"]):
                found = Explanation(network, of_layers, keep, x, target)
                promised = found.promises(of_layers, "-" in target)
                for fault in differences(sample, found, promised):
                    yield f"{rule}, sample {sample['sample']}: {fault}"
                self.count(found, of_layers)
                unequal = max(found.gap) > Fraction(1, 10**9) * sum((abs(r) for r in found.relevance[-1]), ZERO)
                fails |= promised[0] and unequal or promised[1] and min(map(min, found.relevance)) < 0
        if done.returncode != int(fails):
            yield f"status {done.returncode}, but a promised check fails: {fails}"

    def count(self, found, of_layers):
        self.met["explanations"] += 1
        self.met["relevances"] += sum(map(len, found.relevance))
        self.met.update({rule[0] for rule in of_layers[1:]})
        self.met.update(entry[3] for entry in found.lost)
        self.met.update(by for (_, by), amount in found.absorbed.items() if amount != 0)


def spelt(rule):
    """A rule as the program spells it."""
    parameters = ",".join(str(int(x)) if x.denominator == 1 else str(float(x)) for x in rule[1:])
    return f"{rule[0]}:{parameters}" if parameters else rule[0]


def main():
    if len(sys.argv) not in (2, 3, 4) or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    networks = int(sys.argv[2]) if len(sys.argv) > 2 else NETWORKS
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Path(sys.argv[1]).resolve(), Path(folder))
        for seed in range(first, first + networks):
            checks.network(seed)
    missed = sorted(MEETS - set(checks.met)) if networks >= NETWORKS else []
    if missed:
        print(f"no network met {', '.join(missed)}")
    print("met: " + ", ".join(f"{what} {count}" for what, count in sorted(checks.met.items())))
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or missed or not checks.passed else 0)


if __name__ == "__main__":
    main()
