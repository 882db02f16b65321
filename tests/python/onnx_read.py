#!/usr/bin/env python3
"""Holds what deeptaylor computes of random ONNX models against onnxruntime, and against ONNX's own definitions in 64 bits.

    python3 tests/python/onnx_read.py target/debug/deeptaylor [MODELS]

Needs the packages onnx, onnxruntime and numpy. A model is a chain of random operators, with branches, in a random opset from 6
to 24, over samples of any rank; weights stand as initialisers, behind Identity, or in Constant nodes. Each is written in
float32, which onnxruntime runs, and in double, which onnx.reference runs. Ends with the line `N passed, M failed`, and with
status 1 where something fails.
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
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from definitions import OPERATORS

MODELS = 300
OPSETS = range(6, 25)
# Of the largest value inside: sums in 32 bits and in 64.
SINGLE, DOUBLE = 1e-5, 1e-12
LARGEST = 200


class Drawn:
    """A random model. Its values are known by name and by the shape of one sample."""

    def __init__(self, seed):
        self.random, self.numbers = random.Random(seed), np.random.default_rng(seed)
        self.opset = self.random.choice(OPSETS)
        self.nodes, self.constants, self.named = [], {}, 0
        self.batch = self.random.choice(["n", "n", 1, 3])
        # Sides that differ, so that no axis passes for another.
        sides = [self.below(2, 3), self.below(4, 6), self.below(5, 7)]
        self.shape = sides[: self.random.choice([1, 2, 3, 3, 3])]
        if len(self.shape) == 1:
            self.shape = [self.below(2, 9)]
        self.value, self.at = "x", list(self.shape)
        steps = [getattr(self, name) for name in sorted(dir(self)) if name.startswith("op_")]
        wanted = self.below(2, 7)
        while wanted:
            wanted -= self.try_step(self.random.choice(steps))
        self.close()

    def below(self, low, high):
        return self.random.randint(low, high)

    def chance(self, part):
        return self.random.random() < part

    def try_step(self, step):
        """Whether the step fits here; what it has begun is taken back where it does not."""
        nodes, at, value = len(self.nodes), list(self.at), self.value
        if step() is not False and np.prod(self.at) <= LARGEST and min(self.at) > 0:
            return 1
        self.nodes[nodes:] = []
        self.at, self.value = at, value
        return 0

    def name(self, word):
        self.named += 1
        return f"{word}_{self.named}"

    def node(self, operator, inputs, outputs=1, **attributes):
        made = [self.name(operator.lower()) for _ in range(outputs)]
        attributes = {key: value for key, value in attributes.items() if value is not None}
        self.nodes.append(helper.make_node(operator, inputs, made, self.name("node"), **attributes))
        return made[0] if outputs == 1 else made

    def apply(self, operator, rest=(), **attributes):
        """A node on the present value, which it becomes."""
        self.value = self.node(operator, [self.value, *rest], **attributes)

    def constant(self, values, plain=False):
        """A constant, as exporters write it: an initialiser, the same behind Identity, or the output of a node."""
        name = self.name("constant")
        values = np.asarray(values)
        # In the first versions only floats could be the output of a node.
        if not plain and self.chance(0.2) and (self.opset >= 9 or values.dtype == np.float32):
            self.nodes.append(helper.make_node("Constant", [], [name], value=numpy_helper.from_array(values, name)))
            return name
        self.constants[name] = values
        return self.node("Identity", [name]) if not plain and self.chance(0.1) else name

    def integers(self, *values):
        return self.constant(np.array(values, dtype=np.int64))

    def weights(self, *shape):
        # Numbers of 32 bits in both precisions, so that these are one network.
        return self.constant(self.numbers.uniform(-1, 1, shape).astype(np.float32))

    def axes(self, operator, since, *axes, **attributes):
        """Axes are an attribute in older opsets, and an input since."""
        if self.opset >= since:
            self.apply(operator, [self.integers(*axes)], **attributes)
        else:
            self.apply(operator, axes=list(axes), **attributes)

    # Linear maps.

    def op_gemm(self):
        if len(self.at) != 1:
            return False
        out, transposed = self.below(1, 6), self.chance(0.5)
        inputs = [self.weights(*([out, self.at[0]] if transposed else [self.at[0], out]))]
        if self.opset < 11 or self.chance(0.7):
            inputs.append(self.weights(*self.random.choice([[out], [1, out], [1]])))
        factor = lambda: self.random.choice([None, None, 0.5, -2.0])
        broadcast = 1 if self.opset < 7 else None
        self.apply("Gemm", inputs, transB=int(transposed), alpha=factor(), beta=factor(), broadcast=broadcast)
        self.at = [out]

    def op_matmul(self):
        if len(self.at) > 2:
            return False
        out = self.below(1, 6)
        self.apply("MatMul", [self.weights(self.at[-1], out)])
        self.at[-1] = out

    def window(self, sides, padded=True, dilated=True):
        """A window's attributes and the sides of what it makes; none where it does not fit."""
        n = len(sides)
        kernel, stride = [self.below(1, 3) for _ in sides], [self.below(1, 3) for _ in sides]
        dilation = [self.below(1, 2) if dilated else 1 for _ in sides]
        about = {"kernel_shape": kernel, "strides": stride, "dilations": dilation if dilated else None}
        reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilation)]
        if padded and self.chance(0.3) and dilation == [1] * n:
            # onnxruntime refuses to keep every place of a stride longer than the window.
            same = ["SAME_UPPER", "SAME_LOWER"] if all(k >= s for k, s in zip(kernel, stride)) else []
            about["auto_pad"] = self.random.choice([*same, "VALID"])
            if about["auto_pad"] == "VALID":
                return about, [(side - k) // s + 1 if side >= k else 0 for side, k, s in zip(sides, reach, stride)]
            return about, [-(-side // s) for side, s in zip(sides, stride)]
        pads = [self.below(0, k - 1) if padded and self.chance(0.5) else 0 for k in kernel + kernel]
        about["pads"] = pads
        room = [side + pads[k] + pads[k + n] - reach[k] for k, side in enumerate(sides)]
        return about, [r // s + 1 if r >= 0 else 0 for r, s in zip(room, stride)]

    def op_conv(self):
        if len(self.at) < 2:
            return False
        about, sides = self.window(self.at[1:])
        channels = self.at[0]
        group = self.random.choice([n for n in range(1, channels + 1) if channels % n == 0])
        out = group * self.below(1, 2)
        inputs = [self.weights(out, channels // group, *about["kernel_shape"])]
        if self.chance(0.6):
            inputs.append(self.weights(out))
        self.apply("Conv", inputs, group=group, **about)
        self.at = [out, *sides]

    def op_batch_normalization(self):
        channels = self.at[0]
        rest = [self.weights(channels) for _ in range(3)]
        rest.append(self.constant(self.numbers.uniform(0.5, 2, channels).astype(np.float32)))
        self.apply("BatchNormalization", rest, is_test=1 if self.opset < 7 else None, epsilon=self.random.choice([None, 1e-3]))

    def op_arithmetic(self):
        """With a constant: one number, one a channel, one a value."""
        operator = self.random.choice(["Add", "Sub", "Mul", "Div"])
        shapes = [[], [1], self.at, [self.at[0], *[1] * (len(self.at) - 1)], [1, *self.at]]
        shape = self.random.choice(shapes if self.opset >= 7 else [[1], self.at])
        values = self.numbers.uniform(0.5, 2, shape) * self.numbers.choice([-1, 1], shape)
        constant = self.constant(values.astype(np.float32))
        broadcast = 1 if self.opset < 7 else None
        if operator != "Div" and self.opset >= 7 and self.chance(0.3):
            self.value = self.node(operator, [constant, self.value])
        else:
            self.apply(operator, [constant], broadcast=broadcast)

    def op_constant_of_shape(self):
        if self.opset < 9:
            return False
        made = helper.make_tensor("value", TensorProto.FLOAT, [1], [self.random.choice([0.0, -0.5])])
        self.value = self.node("Add", [self.node("ConstantOfShape", [self.integers(*self.at)], value=made), self.value])

    # Activations.

    def op_relu(self):
        self.apply("Relu")

    def op_clip(self):
        """relu6, or relu."""
        high = self.random.choice([6.0, None])
        if self.opset < 11:
            return self.apply("Clip", min=0.0, max=high)
        ends = [self.constant(np.float32(0))] + ([self.constant(np.float32(6))] if high else [])
        self.apply("Clip", ends)

    # Pools.

    def op_pool(self):
        if len(self.at) < 2:
            return False
        mean = self.chance(0.5)
        about, sides = self.window(self.at[1:], dilated=self.opset >= (19 if mean else 10))
        if about["dilations"] and max(about["dilations"]) > 1 and any(about.get("pads", [])):
            return False
        if mean and self.opset >= 7:
            about["count_include_pad"] = self.below(0, 1)
        self.apply("AveragePool" if mean else "MaxPool", **about)
        self.at[1:] = sides

    def op_pool_with_ceil_mode(self):
        if len(self.at) < 2 or self.opset < 10 or min(self.at[1:]) < 2:
            return False
        two = [2] * (len(self.at) - 1)
        self.apply(self.random.choice(["MaxPool", "AveragePool"]), kernel_shape=two, strides=two, ceil_mode=1)
        self.at[1:] = [-(-side // 2) for side in self.at[1:]]

    def op_global_pool(self):
        if len(self.at) < 2:
            return False
        self.apply(self.random.choice(["GlobalAveragePool", "GlobalMaxPool"]))
        self.at[1:] = [1] * (len(self.at) - 1)

    def op_reduce(self):
        if len(self.at) < 2:
            return False
        keep, mean = self.below(0, 1), self.chance(0.5)
        axes = self.random.choice([range(2, len(self.at) + 1), range(1 - len(self.at), 0)])
        if self.opset < 11:
            axes = range(2, len(self.at) + 1)
        self.axes("ReduceMean" if mean else "ReduceSum", 18 if mean else 13, *axes, keepdims=keep)
        self.at[1:] = [1] * (len(self.at) - 1) if keep else []

    # What only moves values.

    def op_flatten(self):
        units, how = int(np.prod(self.at)), self.below(0, 2)
        if how == 0:
            self.apply("Flatten", axis=self.random.choice([None, 1]))
        elif how == 1:
            self.apply("Reshape", [self.integers(*self.random.choice([[0, -1], [-1, units]]))])
        else:
            self.reshape_by_shape()
        self.at = [units]

    def reshape_by_shape(self):
        """The batch from the value's own shape, as torch writes it."""
        shape = self.node("Shape", [self.value])
        batch = self.node("Gather", [shape, self.constant(np.array(0, dtype=np.int64), plain=True)], axis=0)
        if self.opset >= 13:
            batch = self.node("Unsqueeze", [batch, self.integers(0)])
        else:
            batch = self.node("Unsqueeze", [batch], axes=[0])
        self.apply("Reshape", [self.node("Concat", [batch, self.integers(-1)], axis=0)])

    def op_reshape(self):
        units = int(np.prod(self.at))
        ways = [[a, units // a] for a in range(1, units + 1) if units % a == 0]
        ways += [[a, b // c, c] for a, b in ways for c in (1, 2, 3) if b % c == 0]
        made = self.random.choice(ways)
        self.apply("Reshape", [self.integers(self.random.choice([0, -1]), *made)])
        self.at = made

    def op_transpose(self):
        if len(self.at) < 2:
            return False
        order = list(range(1, len(self.at) + 1))
        self.random.shuffle(order)
        self.apply("Transpose", perm=[0, *order])
        self.at = [self.at[axis - 1] for axis in order]

    def op_squeeze(self):
        ones = [axis for axis, side in enumerate(self.at) if side == 1]
        if len(self.at) < 2 or not ones:
            return False
        axis = self.random.choice(ones)
        self.axes("Squeeze", 13, axis + 1)
        del self.at[axis]

    def op_unsqueeze(self):
        if len(self.at) > 2:
            return False
        axis = self.below(1, len(self.at) + 1)
        self.axes("Unsqueeze", 13, axis)
        self.at.insert(axis - 1, 1)

    def op_nothing(self):
        operator = self.random.choice(["Identity", "Dropout", "Cast"])
        attributes = {"Dropout": {"is_test": 1} if self.opset < 7 else {}, "Cast": {"to": TensorProto.FLOAT}}
        self.apply(operator, **attributes.get(operator, {}))

    def op_slice(self):
        axis = self.below(1, len(self.at))
        side = self.at[axis - 1]
        start, step = self.below(0, side - 1), self.below(1, 2) if self.opset >= 10 else 1
        end = self.random.choice([2**31 - 1, self.below(start + 1, side), -1 if start < side - 1 else side])
        if self.opset < 10:
            self.apply("Slice", starts=[start], ends=[end], axes=[axis])
        else:
            self.apply("Slice", [self.integers(n) for n in (start, end, axis, step)])
        self.at[axis - 1] = len(range(side)[start:end:step])

    def op_gather(self):
        axis = self.below(1, len(self.at))
        side = self.at[axis - 1]
        if self.chance(0.2) and len(self.at) > 1:
            self.apply("Gather", [self.constant(np.array(self.below(0, side - 1), dtype=np.int64))], axis=axis)
            del self.at[axis - 1]
            return
        chosen = [self.below(0, side - 1) for _ in range(self.below(1, side))]
        self.apply("Gather", [self.integers(*chosen)], axis=axis)
        self.at[axis - 1] = len(chosen)

    def op_pad(self):
        n = len(self.at)
        pads = [self.below(0, 2) if self.chance(0.5) else 0 for _ in range(2 * n)]
        whole = [0, *pads[:n], 0, *pads[n:]]
        mode = self.random.choice([None, "constant"])
        if self.opset < 11:
            self.apply("Pad", pads=whole, mode=mode)
        else:
            zero = [self.constant(np.float32(0))] if self.chance(0.3) else []
            self.apply("Pad", [self.integers(*whole), *zero], mode=mode)
        self.at = [side + pads[k] + pads[k + n] for k, side in enumerate(self.at)]

    # Branches.

    def op_split_and_join(self):
        """Parts of an axis, some with a ReLU, put together again in another order."""
        axis = self.below(1, len(self.at))
        side = self.at[axis - 1]
        if side < 2:
            return False
        first = self.below(1, side - 1)
        if self.opset >= 13:
            parts = self.node("Split", [self.value, self.integers(first, side - first)], 2, axis=axis)
        else:
            parts = self.node("Split", [self.value], 2, axis=axis, split=[first, side - first])
        parts = [self.node("Relu", [part]) if self.chance(0.5) else part for part in parts]
        self.value = self.node("Concat", parts[::-1], axis=axis)

    def op_residual(self):
        """The value and what something else makes of it, added or side by side."""
        before, at = self.value, list(self.at)
        if len(at) == 1:
            self.apply("Gemm", [self.weights(at[0], at[0]), self.weights(at[0])], broadcast=1 if self.opset < 7 else None)
        elif len(at) == 3 and self.chance(0.5):
            self.apply("Conv", [self.weights(at[0], at[0], 3, 3)], pads=[1, 1, 1, 1])
        else:
            self.apply("Mul", [self.weights(*at)], broadcast=1 if self.opset < 7 else None)
        if self.chance(0.5):
            self.apply("Relu")
        how = self.below(0, 3)
        if how == 0:
            self.value = self.node("Concat", [before, self.value], axis=1)
            self.at[0] *= 2
        elif how == 1:
            self.value = self.node("Sum", [before, self.value, before][: self.below(2, 3) if self.opset >= 8 else 2])
        else:
            self.value = self.node(self.random.choice(["Add", "Sub"]), [self.value, before])

    def close(self):
        """A linear layer at the end, which may have a softmax behind it."""
        self.op_flatten()
        self.op_gemm()
        self.last = self.random.choice([None, None, "Softmax", "LogSoftmax", "Sigmoid"])
        if self.last:
            self.apply(self.last, axis=None if self.last == "Sigmoid" else 1)

    def model(self, kind):
        """The model in float32 or double; constants are the same numbers."""
        element, wide = (TensorProto.FLOAT, np.float32) if kind == "single" else (TensorProto.DOUBLE, np.float64)
        in_kind = lambda values: values if values.dtype == np.int64 else values.astype(wide)
        nodes = [self.in_kind(node, element, in_kind) for node in self.nodes]
        tensors = [numpy_helper.from_array(in_kind(values), name) for name, values in self.constants.items()]
        inputs = [helper.make_tensor_value_info("x", element, [self.batch, *self.shape])]
        if self.opset < 9:
            # Initialisers were inputs, too, in the first versions of the format.
            inputs += [helper.make_tensor_value_info(t.name, t.data_type, list(t.dims)) for t in tensors]
        outputs = [helper.make_tensor_value_info(self.value, element, [self.batch, *self.at])]
        graph = helper.make_graph(nodes, "drawn", inputs, outputs, tensors)
        imports = [helper.make_opsetid("", self.opset)]
        version = 3 if self.opset < 9 else max(helper.find_min_ir_version_for(imports), 4)
        return helper.make_model(graph, opset_imports=imports, ir_version=version)

    @staticmethod
    def in_kind(node, element, in_kind):
        copy = onnx.NodeProto()
        copy.CopyFrom(node)
        for attribute in copy.attribute:
            if node.op_type in ("Constant", "ConstantOfShape"):
                attribute.t.CopyFrom(numpy_helper.from_array(in_kind(numpy_helper.to_array(attribute.t))))
            if node.op_type == "Cast":
                attribute.i = element
        return copy

    def behind_the_last(self, logits):
        """What the softmax that deeptaylor leaves off makes of its outputs."""
        below = logits - logits.max(axis=1, keepdims=True)
        logarithm = below - np.log(np.exp(below).sum(axis=1, keepdims=True))
        ends = {None: logits, "Softmax": np.exp(logarithm), "LogSoftmax": logarithm, "Sigmoid": 1 / (1 + np.exp(-logits))}
        return ends[self.last]


class Checks:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.passed, self.failed, self.worst = 0, 0, {"single": 0.0, "double": 0.0}
        self.operators, self.opsets = set(), set()

    def one(self, seed):
        drawn = None
        try:
            drawn = Drawn(seed)
            samples = drawn.numbers.uniform(-2, 2, (3, *drawn.shape)).astype(np.float32)
            # onnxruntime has most operators since opset 7 alone.
            run = self.runtime if drawn.opset >= 7 else self.definition
            self.compare("single", SINGLE, drawn, samples, run)
            self.compare("double", DOUBLE, drawn, samples, self.definition)
            self.passed += 1
        except Exception as error:  # noqa: BLE001: whatever is wrong with one model, the others are looked at
            self.failed += 1
            about = f"opset {drawn.opset}, {' '.join(node.op_type for node in drawn.nodes)}" if drawn else "not drawn"
            print(f"FAILED {seed} ({about}): {error}")

    def compare(self, kind, tolerance, drawn, samples, run):
        model = drawn.model(kind)
        onnx.checker.check_model(model, full_check=True)
        self.operators.update(node.op_type for node in model.graph.node)
        self.opsets.add(drawn.opset)
        expected = run(model, samples, drawn.batch)
        found, largest = self.values(model, samples)
        found = drawn.behind_the_last(found)
        assert found.shape == expected.shape, f"{kind}: {found.shape}, expected {expected.shape}"
        difference = np.abs(found - expected).max() / max(largest, 1)
        assert difference <= tolerance, f"{kind}: {difference:.1e} of the largest value"
        self.worst[kind] = max(self.worst[kind], difference)

    @staticmethod
    def in_batches(run, samples, batch):
        """A model of a fixed batch takes no other."""
        size = len(samples) if batch == "n" else batch
        return np.concatenate([run(samples[at : at + size]) for at in range(0, len(samples), size)])

    def runtime(self, model, samples, batch):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 3
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        return self.in_batches(lambda part: session.run(None, {"x": part})[0], samples, batch)

    def definition(self, model, samples, batch):
        evaluator = ReferenceEvaluator(model, new_ops=OPERATORS)
        element = model.graph.input[0].type.tensor_type.elem_type
        samples = samples.astype(helper.tensor_dtype_to_np_dtype(element))
        return self.in_batches(lambda part: evaluator.run(None, {"x": part})[0], samples, batch)

    def values(self, model, samples):
        """The outputs, and the largest value on any level."""
        file, array = self.folder / "model.onnx", self.folder / "samples.npy"
        onnx.save(model, file)
        np.save(array, samples)
        command = [self.program, "explain", file, "--inputs", array, "--rule", "w2", "--format", "jsonl", "--levels", "all"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode not in (0, 1):
            raise AssertionError(f"status {done.returncode}: {done.stderr}")
        levels = [[layer["activations"] for layer in json.loads(line)["layers"]] for line in done.stdout.splitlines()]
        outputs = np.array([sample[-1] for sample in levels])
        return outputs, max(abs(value) for sample in levels for level in sample for value in level)


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[1].startswith("-"):
        print(__doc__)
        sys.exit(0 if sys.argv[1:] == ["--help"] else 2)
    models = int(sys.argv[2]) if len(sys.argv) == 3 else MODELS
    with tempfile.TemporaryDirectory() as folder:
        checks = Checks(Path(sys.argv[1]).resolve(), Path(folder))
        for seed in range(models):
            checks.one(seed)
    print(f"operators: {', '.join(sorted(checks.operators))}; opsets {', '.join(map(str, sorted(checks.opsets)))}")
    print(f"largest difference, of the largest value: {checks.worst['single']:.1e} from onnxruntime in 32 bits, "
          f"{checks.worst['double']:.1e} from the definitions in 64 bits")
    print(f"{checks.passed} passed, {checks.failed} failed")
    sys.exit(1 if checks.failed or not checks.passed else 0)


if __name__ == "__main__":
    main()
