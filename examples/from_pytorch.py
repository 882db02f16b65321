#!/usr/bin/env python3
"""Writes a torch.nn.Sequential as a network file, with its weights in a safetensors file beside it.

    python3 examples/from_pytorch.py my_model.py --input-shape 1x28x28 -o net.json
    deeptaylor explain net.json --inputs digits.npy --rule deep-taylor --bounds 0,1

my_model.py is a Python file that has the network in a variable, `model` unless --variable says another; or a file that
torch.save(model, "my_model.pt") has written (loading one runs what is in it: take only files that you trust). From a program of
your own: `from from_pytorch import write; write(model, (1, 28, 28), "net.json")`.

Read are Linear, Conv2d, ReLU, ReLU6, MaxPool2d, AvgPool2d, AdaptiveAvgPool2d, BatchNorm1d, BatchNorm2d, Flatten, Dropout and
Identity, also in a Sequential inside of another, as they are in evaluation mode. Batch normalisation goes into the layer
before it. A Softmax, LogSoftmax or Sigmoid at the end is left off, and that is said: the network then gives the logits. Anything
else is refused by its name; networks with branches go through ONNX.

Where the program deeptaylor is on the PATH, or named by the variable DEEPTAYLOR, it computes five random samples with what
was written, and the largest difference from torch's own result is told.
"""

import argparse
import copy
import ctypes
import json
import os
import runpy
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import torch
from torch import nn

LEFT_OFF = (nn.Softmax, nn.LogSoftmax, nn.Sigmoid)
NOTHING = (nn.Identity, nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.AlphaDropout)
# Of the largest output: both sides compute in 64 bits.
TOLERANCE = 1e-9


class Refused(Exception):
    """What cannot be written, where, and what to do."""


def both(size):
    """Rows and columns of what torch takes as one number or two."""
    return list(size) if isinstance(size, (tuple, list)) else [size, size]


def flat_list(model, prefix=""):
    """The modules with their names, those of a Sequential inside in its place."""
    for name, module in model.named_children():
        if isinstance(module, nn.Sequential):
            yield from flat_list(module, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", module


class Writer:
    """Layers as the network file has them; tensors by name."""

    def __init__(self):
        self.layers, self.tensors, self.notes = [], {}, []

    def tensor(self, name, values):
        self.tensors[name] = values.detach().double().contiguous()
        return name

    def add(self, kind, name, **keys):
        # A name that begins with a digit reads like the number of a level.
        name = f"{kind}{name}" if name[0].isdigit() else name
        self.layers.append({"type": kind, "name": name, **keys})
        return self.layers[-1]

    def with_weights(self, kind, name, weight, bias, **keys):
        layer = self.add(kind, name, **keys)
        layer["weights"] = self.tensor(f"{name}.weight", weight)
        if bias is not None:
            layer["bias"] = self.tensor(f"{name}.bias", bias)

    def activation(self, name, word, channels):
        if not self.layers or "activation" in self.layers[-1]:
            # Nothing before it can take it: a scale by 1 does.
            self.with_weights("scale", name, torch.ones(channels), None)
        self.layers[-1]["activation"] = word

    def batch_norm(self, name, module):
        """y = (x − mean) / √(variance + ε) · weight + bias, into the layer before it or as a scale."""
        if module.running_mean is None:
            raise Refused("it keeps no mean and variance, and what it does hangs on the other samples")
        factor = 1 / torch.sqrt(module.running_var.double() + module.eps)
        shift = -module.running_mean.double() * factor
        if module.affine:
            factor, shift = factor * module.weight.double(), shift * module.weight.double() + module.bias.double()
        last = self.layers[-1] if self.layers else {}
        if last.get("type") not in ("dense", "conv2d") or "activation" in last:
            return self.with_weights("scale", name, factor, shift)
        weight = self.tensors[last["weights"]]
        self.tensors[last["weights"]] = weight * factor.reshape(-1, *[1] * (weight.dim() - 1))
        bias = last.setdefault("bias", last["weights"].removesuffix("weight") + "bias")
        before = self.tensors.get(bias, torch.zeros_like(factor))
        self.tensors[bias] = before * factor + shift

    def module(self, name, module, shape, made):
        """One module, on a level of this shape; `made` is the shape that torch makes of it."""
        match module:
            case nn.Linear():
                if len(shape) != 1:
                    raise Refused(f"it is applied to each row of {shape}: put nn.Flatten() before it")
                self.with_weights("dense", name, module.weight, module.bias, weights_order="out_in")
            case nn.Conv2d():
                self.conv2d(name, module)
            case nn.ReLU():
                self.activation(name, "relu", shape[0])
            case nn.ReLU6():
                self.activation(name, "relu6", shape[0])
            case nn.MaxPool2d():
                if module.return_indices:
                    raise Refused("return_indices is not read")
                keys = self.window(module.kernel_size, module.stride, module.padding, shape, made, module.dilation)
                self.add("max_pool2d", name, **keys)
            case nn.AvgPool2d():
                if module.divisor_override is not None:
                    raise Refused("divisor_override is not read")
                keys = self.window(module.kernel_size, module.stride, module.padding, shape, made)
                if keys.pop("beyond") and module.count_include_pad:
                    raise Refused("ceil_mode counts a part of the padding: choose padding, or count_include_pad=False")
                self.add("avg_pool2d", name, count_padding=module.count_include_pad, **keys)
            case nn.AdaptiveAvgPool2d():
                if any(before % after for before, after in zip(shape[1:], made[1:])):
                    raise Refused(f"{made[1:]} does not divide {shape[1:]}, so its windows differ in size")
                kernel = [before // after for before, after in zip(shape[1:], made[1:])]
                self.add("avg_pool2d", name, kernel=kernel)
            case nn.BatchNorm1d() | nn.BatchNorm2d():
                self.batch_norm(name, module)
            case nn.Flatten():
                if module.start_dim != 1 or len(made) != 1:
                    raise Refused("only nn.Flatten() from the first dimension behind the samples on is read")
            case _ if isinstance(module, NOTHING):
                pass
            case _:
                raise Refused(
                    "deep Taylor decomposition is for ReLU networks, and this module is not read"
                    if isinstance(module, (nn.Sigmoid, nn.Tanh, nn.GELU, nn.ELU, nn.LeakyReLU, nn.SiLU))
                    else "this module is not read: export the network by torch.onnx.export, and give the .onnx file"
                )

    def conv2d(self, name, module):
        if module.padding_mode != "zeros":
            raise Refused(f"padding_mode {module.padding_mode!r} is not read, zeros alone")
        padding = module.padding
        if padding == "valid":
            padding = [0, 0]
        elif padding == "same":
            whole = [d * (k - 1) for d, k in zip(both(module.dilation), both(module.kernel_size))]
            padding = [n // 2 for n in whole] + [n - n // 2 for n in whole]
        self.with_weights(
            "conv2d", name, module.weight, module.bias,
            stride=both(module.stride), padding=both(padding), dilation=both(module.dilation), groups=module.groups,
        )

    @staticmethod
    def window(kernel, stride, padding, shape, made, dilation=1):
        """The keys of a window; where ceil_mode makes one place more, it is padding on the right and below."""
        kernel, stride, padding, dilation = map(both, (kernel, stride, padding, dilation))
        ends = [
            max(padding[k], (made[k + 1] - 1) * stride[k] + dilation[k] * (kernel[k] - 1) + 1 - shape[k + 1] - padding[k])
            for k in (0, 1)
        ]
        keys = {"kernel": kernel, "stride": stride, "padding": padding + ends, "beyond": ends != padding}
        return {**keys, "dilation": dilation} if dilation != [1, 1] else keys


def layers_of(model, shape):
    """The writer with all layers; the modules that they stand for."""
    if not isinstance(model, nn.Sequential):
        raise Refused(
            f"expected an nn.Sequential, found {type(model).__name__}: export it by torch.onnx.export, and give the .onnx file"
        )
    modules = list(flat_list(model))
    writer = Writer()
    while modules and isinstance(modules[-1][1], (*LEFT_OFF, *NOTHING)):
        name, module = modules.pop()
        if isinstance(module, LEFT_OFF):
            writer.notes.append(f"{type(module).__name__} {name} at the end is left off: the outputs are what it reads")
    x = torch.zeros(1, *shape, dtype=torch.float64)
    for name, module in modules:
        before = list(x.shape[1:])
        try:
            x = module(x)
            writer.module(name, module, before, list(x.shape[1:]))
        except Refused as refused:
            raise Refused(f"{type(module).__name__} {name}: {refused}") from None
        except RuntimeError as error:
            raise Refused(f"{type(module).__name__} {name}: it cannot read a level of shape {before}: {error}") from None
    if not writer.layers:
        raise Refused("there is no layer in it")
    return writer, [module for _, module in modules]


def safetensors(tensors):
    """The bytes of a safetensors file: a length, a header, the numbers; of 32 bits where those are all of them."""
    header, data = {}, []
    at = 0
    for name, values in tensors.items():
        single = values.float()
        kind, values = ("F32", single) if torch.equal(single.double(), values) else ("F64", values)
        values = values.contiguous()
        # As they lie in memory: torch runs on machines that put the lowest byte first.
        data.append(ctypes.string_at(values.data_ptr(), values.numel() * values.element_size()))
        header[name] = {"dtype": kind, "shape": list(values.shape), "data_offsets": [at, at + len(data[-1])]}
        at += len(data[-1])
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *data])


def write(model, shape, file, name=None, bounds=None):
    """Writes `file` and its tensors; gives what there is to say, and the modules that were written, in 64 bits."""
    file = Path(file)
    tensors = file.with_suffix(".safetensors")
    # A copy, so that the caller's network stays in the mode and the precision that it has.
    with torch.no_grad():
        writer, modules = layers_of(copy.deepcopy(model).cpu().double().eval(), shape)
    for layer in writer.layers:
        layer.pop("beyond", None)
        for key in ("weights", "bias"):
            if key in layer:
                layer[key] = {"file": tensors.name, "tensor": layer[key]}
    network = {"name": name or file.stem, "input": {"shape": list(shape)}, "layers": writer.layers}
    if bounds is not None:
        network["input"]["bounds"] = list(bounds)
    tensors.write_bytes(safetensors(writer.tensors))
    file.write_text(json.dumps(network, indent=1) + "\n")
    return writer.notes, nn.Sequential(*modules)


def check(program, file, modules, shape):
    """How far the program's outputs are from torch's, as a part of the largest."""
    samples = torch.rand(5, *shape, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        expected = modules(samples).flatten(1)
    rows = json.dumps(samples.flatten(1).tolist())
    command = [program, "explain", file, "--inputs", "-", "--rule", "w2", "--format", "jsonl", "--levels", "all"]
    done = subprocess.run(command, input=rows, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise Refused(f"{program} refuses what was written: {done.stderr}")
    found = [json.loads(line)["layers"][-1]["activations"] for line in done.stdout.splitlines()]
    difference = (torch.tensor(found, dtype=torch.float64) - expected).abs().max()
    return float(difference / expected.abs().max().clamp(min=1e-300))


def load(file, variable):
    if file.suffix == ".py":
        found = runpy.run_path(str(file)).get(variable)
        if found is None:
            raise Refused(f"it has no variable {variable}: say --variable NAME")
        return found
    found = torch.load(file, map_location="cpu", weights_only=False)
    if isinstance(found, dict):
        raise Refused("it has weights alone, and not the network: load them into it in a Python file, and give that file")
    return found


def main():
    about, rest = __doc__.split("\n", 1)
    parser = argparse.ArgumentParser(description=about, epilog=rest, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a .py file with the network in a variable, or what torch.save has written")
    parser.add_argument("--variable", default="model", help="the variable of a .py file [default: model]")
    parser.add_argument("--input-shape", required=True, metavar="SHAPE", help="of one sample: 784 or 3x32x32")
    parser.add_argument("--bounds", metavar="L,H", help="of the inputs, for the rules that need them: 0,1")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the network file; its tensors go beside it")
    asked = parser.parse_args()
    try:
        shape = tuple(int(side) for side in asked.input_shape.split("x"))
        bounds = asked.bounds and [float(bound) for bound in asked.bounds.split(",")]
    except ValueError as error:
        parser.error(str(error))
    if len(shape) not in (1, 3) or min(shape) < 1 or (bounds and len(bounds) != 2):
        parser.error("--input-shape is a number or three (channels x height x width), --bounds two numbers")
    if asked.output.suffix != ".json":
        parser.error("-o names a .json file")
    try:
        notes, modules = write(load(asked.model, asked.variable), shape, asked.output, asked.model.stem, bounds)
        for note in notes:
            print(f"note: {note}", file=sys.stderr)
        print(f"wrote {asked.output} and {asked.output.with_suffix('.safetensors')}")
        program = os.environ.get("DEEPTAYLOR") or shutil.which("deeptaylor")
        if program is None:
            return
        difference = check(program, asked.output, modules, shape)
    except (Refused, OSError) as error:
        sys.exit(f"error: {asked.model}: {error}")
    print(f"deeptaylor gives torch's outputs, to {difference:.0e} of the largest")
    if not difference <= TOLERANCE:
        sys.exit("error: that is more than rounding")


if __name__ == "__main__":
    main()
