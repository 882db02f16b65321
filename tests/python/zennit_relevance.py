#!/usr/bin/env python3
"""Holds deeptaylor's relevance of random networks against zennit's, on every level, where both define a value.

    python3 tests/python/zennit_relevance.py target/debug/deeptaylor [NETWORKS]

Needs the packages torch and zennit. A network has dense layers, convolutions, pools and additions; torch computes it in 64 bits.
zennit explains it under the settings that agree (`deeptaylor guide beside`): 1e-300 in the place of a stabiliser, Pass on ReLU,
and pools and additions in proportion, equally where all is 0. Left out is what zennit defines otherwise, or not at all: kept
biases under w², flat and zᴮ, and additions of values of either sign under all rules but z and ε. Values have to agree to 1e-12
of the largest of their level, and relevance to 1e-12 of the largest Σ|R| of a level. Ends with the line `N passed, M failed`,
and with status 1 where something fails.
"""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional
from zennit.core import BasicHook, Composite, stabilize
from zennit.layer import Sum
from zennit.rules import AlphaBeta, Epsilon, Flat, Gamma, Norm, Pass, WSquare, ZBox, ZPlus

NETWORKS = 200
TOLERANCE = 1e-12
NOTHING = 1e-300
RULES = ["w2", "flat", "z+", "z", "epsilon:0.25", "gamma:0.25", "alpha-beta:2,1", "alpha-beta:1,0", "zB", "deep-taylor"]
RULES += ["epsilon-plus", "epsilon-plus-flat", "epsilon-gamma-box", "epsilon-alpha2-beta1", "epsilon-alpha2-beta1-flat"]
# With kept biases zennit has other denominators under the others.
KEPT = ["z+", "z", "epsilon:0.25", "gamma:0.25", "alpha-beta:2,1", "alpha-beta:1,0", "epsilon-plus", "epsilon-alpha2-beta1"]
# Where an addition can be negative.
SIGNED = ["z", "epsilon:0.25"]


class SumPool(nn.Module):
    """Sums of so many values in a row."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        return x.reshape(len(x), -1, self.size).sum(dim=2)


class SumPool2d(nn.Module):
    def __init__(self, kernel, stride):
        super().__init__()
        self.window = kernel, stride

    def forward(self, x):
        return functional.avg_pool2d(x, *self.window, divisor_override=1)


POOLS = (SumPool, SumPool2d, nn.AvgPool2d)


# A random network -----------------------------------------------------------------------------------------------------


class Drawn(nn.Module):
    """A network, as its file and in torch."""

    def __init__(self, seed):
        super().__init__()
        self.random, self.generator = random.Random(seed), torch.Generator().manual_seed(seed)
        self.shapes = [self.one_of([[self.below(3, 8)], [self.below(1, 3), self.below(5, 7), self.below(5, 7)]])]
        # Of each layer its module, the levels that it reads, and whether ReLU follows.
        self.steps, self.made, self.files = [], nn.ModuleList(), []
        # Levels that can be negative, and the additions of such.
        self.signed, self.signed_additions = [True], []
        count = self.units(0)
        self.low = -torch.rand(count, generator=self.generator, dtype=torch.float64)
        self.high = torch.rand(count, generator=self.generator, dtype=torch.float64) + 0.1
        parts = torch.rand(count, generator=self.generator, dtype=torch.float64)
        self.x = self.low + parts * (self.high - self.low)
        self.first()
        for _ in range(self.below(1, 5)):
            self.one_of([self.dense, self.conv2d, self.pool, self.pool, self.skip])()
        self.end()
        head = {"shape": self.shapes[0], "bounds": [self.low.tolist(), self.high.tolist()]}
        self.file = {"name": f"random {seed}", "input": head, "layers": self.files, "inputs": [self.x.tolist()]}

    def below(self, low, high):
        return self.random.randint(low, high)

    def chance(self, part):
        return self.random.random() < part

    def one_of(self, list_):
        return self.random.choice(list_)

    def units(self, level):
        return int(torch.tensor(self.shapes[level]).prod())

    def normal(self, *sides, scale=1.0):
        return torch.randn(sides, generator=self.generator, dtype=torch.float64) * scale

    def push(self, module, file, shape, sources=None, relu=False):
        level = len(self.shapes)
        file["name"] = f"l{level}"
        if sources:
            file["from"] = [f"l{source}" for source in sources]
        if relu:
            file["activation"] = "relu"
        sources = sources or [level - 1]
        self.steps.append((module, sources, nn.ReLU() if relu else None))
        self.made.append(module)
        self.made.append(self.steps[-1][2] or nn.Identity())
        self.files.append(file)
        self.shapes.append(shape)
        below = any(self.signed[source] for source in sources)
        self.signed.append(not relu and (below or isinstance(module, (nn.Linear, nn.Conv2d))))

    def first(self):
        (self.conv2d if len(self.shapes[0]) == 3 and self.chance(0.8) else self.dense)()

    def dense(self, units=None, relu=None):
        inputs, units = self.units(-1), units or self.below(3, 8)
        module = nn.Linear(inputs, units, dtype=torch.float64)
        module.weight.data = self.normal(units, inputs, scale=(2 / inputs) ** 0.5)
        module.bias.data = self.normal(units, scale=0.2)
        file = {"type": "dense", "weights": module.weight.data.T.tolist(), "bias": module.bias.data.tolist()}
        self.push(module, file, [units], relu=self.chance(0.9) if relu is None else relu)

    def conv2d(self, same=False):
        if len(self.shapes[-1]) != 3:
            return
        channels, height, width = self.shapes[-1]
        kernel = [3, 3] if same else [self.below(1, min(3, height)), self.below(1, min(3, width))]
        stride = 1 if same else self.below(1, 2)
        padding = 1 if same else self.below(0, min(1, *(k - 1 for k in kernel)))
        groups = channels if not same and self.chance(0.3) else 1
        out = channels if same else groups * self.below(1, 3)
        module = nn.Conv2d(channels, out, kernel, stride, padding, groups=groups, dtype=torch.float64)
        sees = channels // groups * kernel[0] * kernel[1]
        module.weight.data = self.normal(out, channels // groups, *kernel, scale=(2 / sees) ** 0.5)
        module.bias.data = self.normal(out, scale=0.2)
        file = {"type": "conv2d", "weights": module.weight.data.tolist(), "bias": module.bias.data.tolist()}
        file.update(stride=stride, padding=padding, groups=groups)
        sides = [(side + 2 * padding - k) // stride + 1 for side, k in zip((height, width), kernel)]
        self.push(module, file, [out, *sides], relu=same or self.chance(0.9))

    def pool(self):
        shape = self.shapes[-1]
        # A pool over values of either sign may cancel, and zennit's then differs in what it rounds.
        if self.signed[-1]:
            return
        if len(shape) == 1:
            size = self.one_of([size for size in range(1, shape[0] + 1) if shape[0] % size == 0])
            if shape[0] // size > 1:
                self.push(SumPool(size), {"type": "sum_pool", "size": size}, [shape[0] // size])
            return
        kernel, stride = self.below(1, min(2, *shape[1:])), self.below(1, 2)
        kind = self.one_of(["sum_pool2d", "avg_pool2d", "max_pool2d"])
        module = {"sum_pool2d": SumPool2d, "avg_pool2d": nn.AvgPool2d, "max_pool2d": nn.MaxPool2d}[kind](kernel, stride)
        sides = [(side - kernel) // stride + 1 for side in shape[1:]]
        self.push(module, {"type": kind, "kernel": kernel, "stride": stride}, [shape[0], *sides])

    def skip(self):
        """A level, and what one more layer makes of it, added."""
        start = len(self.shapes) - 1
        if start == 0:
            return
        if len(self.shapes[-1]) == 3:
            self.conv2d(same=True)
        else:
            self.dense(self.units(-1), relu=self.chance(0.7))
        sources = [start, len(self.shapes) - 1]
        module = Sum(dim=0)
        if any(self.signed[source] for source in sources):
            self.signed_additions.append(module)
        self.push(module, {"type": "add"}, self.shapes[-1], sources, relu=self.chance(0.5))

    def end(self):
        self.dense(units=self.below(2, 4), relu=self.chance(0.5))

    def forward(self, x):
        """Every level; the input is one, too."""
        levels = [x]
        for module, sources, relu in self.steps:
            below = [levels[source] for source in sources]
            value = torch.stack(below) if isinstance(module, Sum) else below[0]
            value = module(value.flatten(1) if isinstance(module, (nn.Linear, SumPool)) else value)
            levels.append(relu(value) if relu else value)
        return levels


# zennit ---------------------------------------------------------------------------------------------------------------


def proportional():
    """Norm, but for sums whose inputs are all 0: those share equally."""
    return BasicHook(
        # Next to this, what is added to denominators is nothing.
        input_modifiers=[lambda x: x + 1e-280],
        param_modifiers=[lambda parameter, name: parameter],
        output_modifiers=[lambda output: output],
        gradient_mapper=lambda relevance, outputs: relevance / stabilize(outputs[0], NOTHING),
        reducer=lambda inputs, gradients: inputs[0] * gradients[0],
    )


class Explained:
    """A network under a rule, with biases dropped or kept."""

    def __init__(self, drawn, rule, keep):
        self.drawn, self.rule, self.zero = drawn, rule, {} if keep else {"zero_params": "bias"}
        self.first = drawn.steps[0][0]

    def of(self, rule, **options):
        return rule(stabilizer=NOTHING, **options, **self.zero)

    def box(self):
        shape = [1, *self.drawn.shapes[0]] if isinstance(self.first, nn.Conv2d) else [1, -1]
        return self.of(ZBox, low=self.drawn.low.reshape(shape), high=self.drawn.high.reshape(shape))

    def of_weights(self, module):
        name, _, parameters = self.rule.partition(":")
        numbers = [float(number) for number in parameters.split(",")] if parameters else []
        if name.startswith("epsilon-"):
            return self.of_composite(name, module)
        if name == "zB":
            return self.box() if module is self.first else self.of(WSquare)
        if name == "deep-taylor":
            return self.box() if module is self.first else self.of(ZPlus)
        if name in ("z", "epsilon"):
            return Epsilon(epsilon=numbers[0] if numbers else NOTHING, **self.zero)
        if name == "gamma":
            return self.of(Gamma, gamma=numbers[0])
        if name == "alpha-beta":
            return self.of(AlphaBeta, alpha=numbers[0], beta=numbers[1])
        return self.of({"w2": WSquare, "flat": Flat, "z+": ZPlus}[name])

    def of_composite(self, name, module):
        """zennit's composites, put together of its rules."""
        if module is self.first and name.endswith("-flat"):
            return self.of(Flat)
        if isinstance(module, nn.Linear):
            return Epsilon(epsilon=1e-6, **self.zero)
        if name == "epsilon-gamma-box":
            return self.box() if module is self.first else self.of(Gamma, gamma=0.25)
        return self.of(AlphaBeta, alpha=2.0, beta=1.0) if "alpha2" in name else self.of(ZPlus)

    def rule_of(self, _context, _name, module):
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            return self.of_weights(module)
        if isinstance(module, nn.ReLU):
            return Pass()
        if module in self.drawn.signed_additions:
            return Epsilon(epsilon=0.25) if self.rule.startswith("epsilon") else Norm(stabilizer=NOTHING)
        return proportional() if isinstance(module, (Sum, *POOLS)) else None

    def explain(self):
        """Values and relevance of every level, for the largest output."""
        x = self.drawn.x.reshape(1, *self.drawn.shapes[0]).clone().requires_grad_()
        with Composite(module_map=self.rule_of).context(self.drawn) as explained:
            levels = explained(x)
            start = torch.zeros_like(levels[-1])
            target = int(levels[-1].argmax())
            start[0, target] = levels[-1][0, target].detach()
            relevance = torch.autograd.grad(levels[-1], levels[:-1], start)
        return [level.detach().flatten() for level in levels], [*(part.flatten() for part in relevance), start.flatten()]


# The comparison -------------------------------------------------------------------------------------------------------


class Checks:
    def __init__(self, program, folder):
        self.program, self.path = program, folder / "network.json"
        self.passed = self.failed = self.explanations = self.numbers = 0
        self.worst = 0.0

    def network(self, seed):
        drawn = Drawn(seed)
        self.path.write_text(json.dumps(drawn.file))
        told = []
        for keep in (False, True):
            rules = KEPT if keep else RULES
            if drawn.signed_additions:
                rules = [rule for rule in rules if rule in SIGNED]
            told += self.rules(drawn, rules, keep)
        self.passed, self.failed = self.passed + (not told), self.failed + bool(told)
        for fault in told[:4]:
            print(f"network {seed}: {fault}")

    def rules(self, drawn, rules, keep):
        if not isinstance(drawn.steps[0][0], nn.Conv2d):
            # The box is for a first convolution.
            rules = [rule for rule in rules if rule != "epsilon-gamma-box"]
        bias = "keep" if keep else "drop"
        arguments = ["--rule", ",".join(rules), "--rule-bias", bias, "--levels", "all", "--format", "json"]
        done = subprocess.run([self.program, "explain", self.path, *arguments], capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            return [f"status {done.returncode}: {done.stderr}"]
        told = []
        for rule, document in zip(rules, json.loads(done.stdout)["explanations"], strict=True):
            (sample,) = document["samples"]
            self.explanations += 1
            told += [f"{rule}, bias {bias}: {fault}" for fault in self.differences(Explained(drawn, rule, keep), sample)]
        return told

    def differences(self, explained, sample):
        values, relevance = explained.explain()
        largest = max(float(level.abs().sum()) for level in relevance)
        for level, layer in enumerate(sample["layers"]):
            activations, own = (torch.tensor(layer[key], dtype=torch.float64) for key in ("activations", "relevance"))
            if len(activations) != len(values[level]) or len(own) != len(relevance[level]):
                yield f"level {level} has {len(own)} units, zennit's {len(relevance[level])}"
                continue
            self.numbers += len(own)
            off = float((activations - values[level]).abs().max())
            # Written so that what is no number is a fault.
            if not off <= TOLERANCE * max(1.0, float(values[level].abs().max())):
                yield f"activations of level {level} differ by {off:.1e}"
            off = float((own - relevance[level]).abs().max())
            self.worst = max(self.worst, off / largest if largest else off)
            if not off <= TOLERANCE * largest:
                yield f"relevance of level {level} differs by {off:.1e}; the largest Σ|R| is {largest:.1e}"


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    networks = int(sys.argv[2]) if len(sys.argv) == 3 else NETWORKS
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Path(sys.argv[1]).resolve(), Path(folder))
        for seed in range(networks):
            checks.network(seed)
    print(f"{checks.explanations} explanations, {checks.numbers} relevances, largest difference {checks.worst:.1e} of Σ|R|")
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


if __name__ == "__main__":
    main()
