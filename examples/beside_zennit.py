#!/usr/bin/env python3
"""Measures the deep Taylor explanation of VGG-16 beside that of zennit, on the same cores in one run.

    python3 -m pip install torch zennit
    cargo build --release --example throughput
    python3 examples/beside_zennit.py

The network has the shape of VGG-16 and random weights of 32 bits; zB explains its first layer, z+ those above, a max pool hands
all to the winner, and the relevance of every level is kept. zennit in 32 and in 64 bits and deeptaylor (64 bits, audit included)
have a process each and take turns, each with as many threads as there are cores or --threads says. Told are the medians of the
seconds, deeptaylor's as a share of zennit's, the most memory that each process held, how long an explanation takes beside a
forward pass, and 8 images at once beside one. Before that the relevance of the input is compared: both have computed the same
thing where nothing parts them but zennit's 32 bits and the 1e-6 that it adds to denominators.

The network file (550 MB) stays in --folder, and is made anew where it is not there.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch
from torch import nn
from zennit.composites import SpecialFirstLayerMapComposite
from zennit.rules import Pass, ZBox, ZPlus
from zennit.types import Activation, Convolution, Linear

SHAPE = (3, 224, 224)
# Output channels of the convolutions; 0 is a max pool.
CHANNELS = [64, 64, 0, 128, 128, 0, 256, 256, 256, 0, 512, 512, 512, 0, 512, 512, 512, 0]
DENSE = [4096, 4096, 1000]
# What 32 bits and zennit's stabiliser may part, of the sum of all |R| of the input.
AGREEMENT = 1e-4


def vgg16():
    """The network with weights as He's uniform initialisation draws them, the same each time, and without biases."""
    torch.manual_seed(20)
    layers, channels, side = [], SHAPE[0], SHAPE[1]
    for made in CHANNELS:
        if made == 0:
            layers.append(nn.MaxPool2d(2))
            side //= 2
        else:
            layers += [nn.Conv2d(channels, made, 3, padding=1, bias=False), nn.ReLU()]
            channels = made
    layers.append(nn.Flatten())
    units = channels * side * side
    for made in DENSE:
        layers += [nn.Linear(units, made, bias=False), nn.ReLU()]
        units = made
    model = nn.Sequential(*layers[:-1])
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_uniform_(module.weight, nonlinearity="relu")
    return model.eval().requires_grad_(False)


def image():
    return torch.rand(1, *SHAPE, generator=torch.Generator().manual_seed(1))


# The two sides, each a process that answers a line with a line ---------------------------------------------------------


def zennit(kind):
    """Answers as the throughput example does, with zennit."""
    model, x = vgg16().to(kind), image().to(kind)
    levels = []

    def keep(module, inputs, output):
        output.retain_grad()
        levels.append(output)

    composite = SpecialFirstLayerMapComposite(
        layer_map=[(Activation, Pass()), (Convolution, ZPlus()), (Linear, ZPlus())],
        first_map=[(Convolution, ZBox(low=0.0, high=1.0))],
    )
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "relevance":
            print(json.dumps({"value": value, "relevance": relevance}), flush=True)
            continue
        samples = x.expand(int(line), *SHAPE)
        start = time.perf_counter()
        with torch.no_grad():
            model(samples)
        forward = time.perf_counter() - start
        start = time.perf_counter()
        samples = samples.clone().requires_grad_()
        levels.clear()
        with composite.context(model) as explained:
            hooks = [module.register_forward_hook(keep) for module in model]
            output = explained(samples)
            target = output.argmax(1, keepdim=True)
            output.backward(torch.zeros_like(output).scatter(1, target, output.detach().gather(1, target)))
            for hook in hooks:
                hook.remove()
        assert all(level.grad is not None for level in levels)
        explain = time.perf_counter() - start
        value, relevance = float(output[0].detach().max()), samples.grad[0].flatten().tolist()
        # Linux counts in KiB.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({"forward": forward, "explain": explain, "peak_mib": peak}), flush=True)


class Side:
    """One side's process."""

    def __init__(self, command, threads):
        variables = {name: str(threads) for name in ("RAYON_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=os.environ | variables, **pipes)
        if self.process.stdout.readline().strip() != "ready":
            raise SystemExit(f"{command[0]} did not start")

    def ask(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


# The comparison -------------------------------------------------------------------------------------------------------


def write(file):
    from from_pytorch import write as write_network

    write_network(vgg16(), SHAPE, file, name="VGG-16 with random weights", bounds=[0, 1])
    network = json.loads(file.read_text())
    network["inputs"] = [image().flatten().tolist()]
    file.write_text(json.dumps(network))


def distance(one, other):
    """Of the input's relevance, as a share of all that there is."""
    one, other = (torch.tensor(side["relevance"], dtype=torch.float64) for side in (one, other))
    return float((one - other).abs().sum() / other.abs().sum())


def measure(sides, rounds):
    """The medians of each side's seconds of a forward pass and of an explanation, and what it held."""
    answers = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            answers[name].append(side.ask(1))
    found = {}
    for name, own in answers.items():
        middle = {what: statistics.median(answer[what] for answer in own) for what in ("forward", "explain")}
        found[name] = middle | {"peak_mib": own[-1]["peak_mib"]}
    return found


def told(found, batch):
    ours = found["deeptaylor"]
    share = lambda name: round(ours["explain"] / found[name]["explain"], 3)
    return {
        "seconds": {name: {what: round(side[what], 3) for what in ("forward", "explain")} for name, side in found.items()},
        "explain_over_forward": {name: round(side["explain"] / side["forward"], 2) for name, side in found.items()},
        "of_zennit_f32": share("zennit f32"),
        "of_zennit_f64": share("zennit f64"),
        "peak_mib": {name: side["peak_mib"] for name, side in found.items()},
        "8_images_over_1": round(batch["explain"] / ours["explain"], 2),
        "8_images_peak_mib": batch["peak_mib"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="target/release/examples/throughput", help="the throughput example, built")
    parser.add_argument("--folder", type=Path, default=Path("target/beside_zennit"), help="where the network file is")
    parser.add_argument("--rounds", type=int, default=5, help="how often each side explains; the first time is not counted")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--zennit", choices=("float32", "float64"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.zennit:
        torch.set_num_threads(options.threads)
        return zennit(getattr(torch, options.zennit))
    file = options.folder / "vgg16.json"
    if not file.exists():
        options.folder.mkdir(parents=True, exist_ok=True)
        write(file)
    itself = [sys.executable, __file__, "--threads", str(options.threads), "--zennit"]
    commands = {
        "zennit f32": [*itself, "float32"],
        "zennit f64": [*itself, "float64"],
        "deeptaylor": [options.program, "--network", str(file)],
    }
    sides = {name: Side(command, options.threads) for name, command in commands.items()}
    measure(sides, 1)
    relevance = {name: side.ask("relevance") for name, side in sides.items()}
    apart = {name: distance(relevance[name], relevance["deeptaylor"]) for name in ("zennit f32", "zennit f64")}
    if max(apart.values()) > AGREEMENT:
        raise SystemExit(f"the two sides do not explain the same: {apart}")
    found = measure(sides, options.rounds)
    batch = min((sides["deeptaylor"].ask(8) for _ in range(2)), key=lambda answer: answer["explain"])
    print(json.dumps({"apart": apart, "threads": options.threads} | told(found, batch), indent=2))


if __name__ == "__main__":
    main()
