#!/usr/bin/env python3
"""Holds what deeptaylor computes of trained ONNX models against onnxruntime.

    python3 tests/python/onnx_models.py target/debug/deeptaylor FOLDER [SAMPLES]

Needs the packages onnx, onnxruntime and numpy. FOLDER and the folders in it have models, and beside each an .npz with the array
`input`: its samples are taken, and so many random ones of the same range (20). onnxruntime computes in 32 bits: outputs have to
agree to 1e-5 of the largest value inside. A softmax at the end, which deeptaylor leaves off, is put behind its outputs. A model
is a case. Ends with the line `N passed, M failed`, and with status 1 where something fails.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

SAMPLES = 20
TOLERANCE = 1e-5


def runtime(path, samples):
    """The outputs by onnxruntime, a sample at a time: a model may take no other batch."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    # Initialisers may stand among the inputs of old models; a session leaves them out.
    name = session.get_inputs()[0].name
    return np.concatenate([session.run(None, {name: sample[None]})[0].reshape(1, -1) for sample in samples]).astype(float)


def program(command, path, samples, folder):
    """The outputs by deeptaylor, and the largest value on any level of a sample."""
    array = folder / "samples.npy"
    np.save(array, samples)
    asked = [command, "explain", path, "--inputs", array, "--scale", "none", "--rule", "w2"]
    asked += ["--format", "jsonl", "--levels", "all"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"status {done.returncode}: {done.stderr}")
    outputs, largest = [], []
    for line in done.stdout.splitlines():
        levels = [layer["activations"] for layer in json.loads(line)["layers"]]
        outputs.append(levels[-1])
        largest.append(max(max(map(abs, level)) for level in levels))
    return np.array(outputs), np.array(largest)


def behind_the_last(path, outputs):
    """What the model makes of the outputs that deeptaylor explains."""
    last = onnx.load(path, load_external_data=False).graph.node[-1].op_type
    if last != "Softmax":
        return outputs
    parts = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return parts / parts.sum(axis=1, keepdims=True)


def one(command, path, random, folder):
    """How many samples a model was held by, and the largest difference."""
    real = np.load(path.with_suffix(".npz"))["input"]
    sides = real.shape[1:]
    drawn = np.random.default_rng(0).uniform(real.min(), real.max(), (random, *sides))
    samples = np.concatenate([real, drawn]).astype(np.float32)
    outputs, largest = program(command, path, samples, folder)
    expected, found = runtime(path, samples), behind_the_last(path, outputs)
    assert found.shape == expected.shape, f"{found.shape} outputs, expected {expected.shape}"
    off = (np.abs(found - expected).max(axis=1) / np.maximum(largest, 1)).max()
    assert off <= TOLERANCE, f"outputs differ by {off:.1e} of the largest value"
    return len(samples), off


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    random = int(sys.argv[3]) if len(sys.argv) == 4 else SAMPLES
    passed = failed = held = 0
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted(Path(sys.argv[2]).rglob("*.onnx")):
            try:
                samples, off = one(Path(sys.argv[1]).resolve(), path, random, Path(folder))
                passed, held, worst = passed + 1, held + samples, max(worst, off)
            except Exception as error:  # noqa: BLE001: whatever is wrong with one model, the others are looked at
                failed += 1
                print(f"FAILED {path.name}: {error}")
    print(f"{held} samples, largest difference {worst:.1e} of the largest value")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
