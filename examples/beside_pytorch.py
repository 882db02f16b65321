#!/usr/bin/env python3
"""Trains 784-300-100-10 in PyTorch in turn with deeptaylor, on the digits that come along, and prints medians and ratios.

    python3 -m pip install torch
    cargo build --release --example throughput
    python3 examples/beside_pytorch.py target/release/examples/throughput

Both take batches of 50 in a random order, SGD with momentum 0.9 and softmax cross-entropy, on two threads. An epoch is 100 steps.
deeptaylor computes in f64 and leaves pixels that are 0 in every image out of its products; PyTorch computes in f32 and in f64, all
pixels, and its images lie ready as a tensor. Every round measures some epochs of each, so
that a slow moment of the machine meets all of them.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

import torch
from torch import nn

DIGITS = Path(__file__).parent / "data" / "mnist-small"
BATCH, RATE, MOMENTUM, THREADS = 50, 0.01, 0.9, 2


def bytes_of(name, header):
    """The bytes of an IDX file behind its header."""
    with gzip.open(DIGITS / name) as file:
        return torch.frombuffer(bytearray(file.read()[header:]), dtype=torch.uint8)


class Training:
    """The network on its way, in one precision."""

    def __init__(self, images, classes, dtype):
        torch.manual_seed(1)
        layers = [nn.Linear(784, 300), nn.ReLU(), nn.Linear(300, 100), nn.ReLU(), nn.Linear(100, 10)]
        self.network = nn.Sequential(*layers).to(dtype)
        self.optimiser = torch.optim.SGD(self.network.parameters(), lr=RATE, momentum=MOMENTUM)
        self.images, self.classes = images.to(dtype) / 255, classes
        self.loss = nn.CrossEntropyLoss()

    def epoch(self):
        """Seconds of an epoch."""
        start = time.perf_counter()
        for chosen in torch.randperm(len(self.images)).split(BATCH):
            self.optimiser.zero_grad()
            self.loss(self.network(self.images[chosen]), self.classes[chosen]).backward()
            self.optimiser.step()
        return time.perf_counter() - start


def deeptaylor(program):
    """Seconds of some epochs."""
    environment = {**os.environ, "RAYON_NUM_THREADS": str(THREADS)}
    result = subprocess.run([program, "--train"], capture_output=True, check=True, env=environment)
    return json.loads(result.stdout)["train_epoch_seconds"]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("throughput", help="the example `throughput`, built with --release")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments = arguments.parse_args()
    torch.set_num_threads(THREADS)
    images = bytes_of("train-images-idx3-ubyte.gz", 16).reshape(-1, 784)
    classes = bytes_of("train-labels-idx1-ubyte.gz", 8).long()
    trainings = {"PyTorch, f32": Training(images, classes, torch.float32), "PyTorch, f64": Training(images, classes, torch.float64)}
    seconds = {"deeptaylor, f64": [], **{name: [] for name in trainings}}
    for training in trainings.values():
        training.epoch()
    for _ in range(arguments.rounds):
        seconds["deeptaylor, f64"] += deeptaylor(arguments.throughput)
        for name, training in trainings.items():
            seconds[name] += [training.epoch() for _ in range(10)]
    medians = {name: statistics.median(epochs) for name, epochs in seconds.items()}
    for name, median in medians.items():
        best, ratio = min(seconds[name]), medians["deeptaylor, f64"] / median
        print(f"{name:16} {median:.4f} s an epoch, best {best:.4f}; deeptaylor takes {ratio:.2f} of it")


if __name__ == "__main__":
    main()
