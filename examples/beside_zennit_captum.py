#!/usr/bin/env python3
"""Explains network files with zennit and captum, under settings that agree with deeptaylor and under their own.

    python3 -m pip install torch zennit captum
    python3 examples/beside_zennit_captum.py examples/beside/dense.json examples/beside/conv.json -o tests/golden/beside.json

Every file is a chain of dense and conv2d layers, max_pool2d and avg_pool2d, with the first of its samples and with bounds. The
network is built in torch in 64 bits; explained is its largest output. The result has the relevance of the input for every
case: which package, which rule (as deeptaylor spells it), whether the biases are in the denominators, and the setting:

    bare          nothing added to a denominator (1e-300 in its place: 0/0 is then 0, and no other quotient changes), relevance
                  passed on by ReLU as it is, average pools in proportion to what they pool and equally where that is all 0
    stabilizer    the same with the stabiliser that the package has by default
    no-pass       zennit: the same without Pass on ReLU, so that autograd takes what units hold that did not fire
    norm          zennit: the same with its Norm on average pools
    no-norm       zennit: the same without a rule on average pools
    default       the rule as the package makes it where it is given no options; with zennit, Pass and Norm as in its composites

`deeptaylor guide beside` has the figures, and a test holds them against deeptaylor's own relevance.
"""

import argparse
import json
import platform
from importlib.metadata import version
from pathlib import Path

import torch
from captum.attr import LRP, InputXGradient, IntegratedGradients, Saliency
from captum.attr._utils.lrp_rules import Alpha1_Beta0_Rule, EpsilonRule, GammaRule
from torch import nn
from zennit.core import BasicHook, Composite, stabilize
from zennit.rules import AlphaBeta, Epsilon, Flat, Gamma, Norm, Pass, WSquare, ZBox, ZPlus
from zennit.types import Activation, AvgPool, Convolution, Linear

# Where a stabiliser has to be given: no sum of 64 bits that is not 0 is changed by it.
NOTHING = 1e-300


class Network(nn.Module):
    """A chain of layers; what is not a list goes into a dense layer as one."""

    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x):
        for layer in self.layers:
            # Not nn.Flatten: captum's LRP refuses it.
            x = layer(x.flatten(1) if isinstance(layer, nn.Linear) else x)
        return x


def tensor(values):
    return torch.tensor(values, dtype=torch.float64)


def of_layer(layer):
    """The modules of a layer of the network file."""
    unknown = set(layer) - {"type", "weights", "bias", "activation", "kernel", "stride", "padding"}
    if unknown or not isinstance(layer.get("padding", 0), int):
        raise SystemExit(f"a layer of type {layer['type']} has {sorted(unknown) or 'padding'}, which this script does not read")
    kind = layer["type"]
    if kind in ("max_pool2d", "avg_pool2d"):
        pool = {"max_pool2d": nn.MaxPool2d, "avg_pool2d": nn.AvgPool2d}[kind]
        modules = [pool(layer["kernel"], layer.get("stride", layer["kernel"]), layer.get("padding", 0))]
        if layer.get("padding", 0) and kind == "avg_pool2d":
            raise SystemExit("an avg_pool2d has padding, which this script does not read")
    elif kind in ("dense", "conv2d"):
        weights = tensor(layer["weights"])
        if kind == "dense":
            weights = weights.T
            module = nn.Linear(weights.shape[1], weights.shape[0], dtype=torch.float64)
        else:
            out, inner, *kernel = weights.shape
            module = nn.Conv2d(inner, out, kernel, layer.get("stride", 1), layer.get("padding", 0), dtype=torch.float64)
        module.weight.data = weights.contiguous()
        module.bias.data = tensor(layer.get("bias", [0.0] * weights.shape[0]))
        modules = [module]
    else:
        raise SystemExit(f"this script does not read layers of type {kind}")
    return modules + ([nn.ReLU()] if layer.get("activation") == "relu" else [])


def read(path):
    """The network and its first sample."""
    file = json.loads(Path(path).read_text())
    modules = [module for layer in file["layers"] for module in of_layer(layer)]
    x = tensor(file["inputs"][0]).reshape(1, *file["input"]["shape"])
    return Network(modules), x, file["input"]["bounds"]


# zennit ---------------------------------------------------------------------------------------------------------------

# A rule of each name: first the constructor, then its parameters.
ZENNIT = {
    "w2": (WSquare, {}),
    "flat": (Flat, {}),
    "z+": (ZPlus, {}),
    "zB": (ZBox, {}),
    "z": (Epsilon, {}),
    "epsilon:0.25": (Epsilon, {"epsilon": 0.25}),
    "gamma:0.25": (Gamma, {"gamma": 0.25}),
    "alpha-beta:2,1": (AlphaBeta, {"alpha": 2.0, "beta": 1.0}),
}


def zennit_rule(rule, bias, stabilizer, bounds):
    """The rule of layers with weights: of the first, and of those above."""
    kind, options = ZENNIT[rule]
    options = dict(options)
    if stabilizer is not None and "epsilon" not in options:
        options["epsilon" if kind is Epsilon else "stabilizer"] = stabilizer
    if bias == "drop":
        options["zero_params"] = "bias"
    if kind is not ZBox:
        return kind(**options), kind(**options)
    return ZBox(low=bounds[0], high=bounds[1], **options), WSquare(**options)


def proportional():
    """Norm, but for pools whose inputs are all 0: those share equally."""
    return BasicHook(
        # Next to this, what is added to denominators is nothing.
        input_modifiers=[lambda x: x + 1e-280],
        param_modifiers=[lambda parameter, name: parameter],
        output_modifiers=[lambda output: output],
        gradient_mapper=lambda relevance, outputs: relevance / stabilize(outputs[0], NOTHING),
        reducer=lambda inputs, gradients: inputs[0] * gradients[0],
    )


def zennit(model, x, target, rules, passing, pools):
    """The relevance of the input; `pools` is the rule of average pools, if any."""
    first, above = rules
    with_weights = [module for module in model.modules() if isinstance(module, (nn.Linear, nn.Conv2d))]

    def rule_of(ctx, name, module):
        if module is with_weights[0]:
            return first
        if isinstance(module, (Convolution, Linear)):
            return above
        if isinstance(module, Activation) and passing:
            return Pass()
        return pools if isinstance(module, AvgPool) else None

    x = x.clone().requires_grad_()
    with Composite(module_map=rule_of).context(model) as explained:
        output = explained(x)
        start = torch.zeros_like(output)
        start[0, target] = output[0, target].detach()
        (relevance,) = torch.autograd.grad(output, x, start)
    return relevance


def zennit_cases(model, x, bounds, target):
    pooled = any(isinstance(module, nn.AvgPool2d) for module in model.modules())
    for rule in ZENNIT:
        for setting, bias, stabilizer, passing, pools in [
            ("bare", "drop", NOTHING, True, proportional()),
            ("bare", "keep", NOTHING, True, proportional()),
            ("stabilizer", "drop", None, True, proportional()),
            ("no-pass", "drop", NOTHING, False, proportional()),
            ("norm", "drop", NOTHING, True, Norm(stabilizer=NOTHING)),
            ("no-norm", "drop", NOTHING, True, None),
            ("default", "keep", None, True, Norm()),
        ]:
            if pooled or setting not in ("norm", "no-norm"):
                rules = zennit_rule(rule, bias, stabilizer, bounds)
                yield rule, bias, setting, zennit(model, x, target, rules, passing, pools)


# captum ---------------------------------------------------------------------------------------------------------------


def with_stability(rule, stability):
    """captum's rules but EpsilonRule have their stabiliser as a constant of the class; here it is set on the object."""
    if stability is not None:
        rule.STABILITY_FACTOR = stability
    return rule


# Of each rule the constructor for the biases kept, and the one for the biases dropped. EpsilonRule cannot drop them; GammaRule
# with γ = 0 can. The stabiliser comes from outside, but for epsilon, which is one.
CAPTUM = {
    "z": (EpsilonRule, lambda: GammaRule(0.0, set_bias_to_zero=True)),
    "epsilon:0.25": (lambda: EpsilonRule(0.25), lambda: GammaRule(0.0, set_bias_to_zero=True)),
    "gamma:0.25": (lambda: GammaRule(0.25), lambda: GammaRule(0.25, set_bias_to_zero=True)),
    "z+": (Alpha1_Beta0_Rule, lambda: Alpha1_Beta0_Rule(set_bias_to_zero=True)),
}


def captum(model, x, target, rule, bias, stability):
    for module in model.layers:
        if isinstance(module, (nn.Linear, nn.Conv2d)):
            kept, dropped = CAPTUM[rule]
            own = 0.25 if rule == "epsilon:0.25" else stability
            module.rule = with_stability(kept() if bias == "keep" else dropped(), own)
        elif isinstance(module, (nn.MaxPool2d, nn.AvgPool2d)) and stability is not None:
            module.rule = EpsilonRule(stability)
    return LRP(model).attribute(x.clone().requires_grad_(), target=target).detach()


def captum_cases(model, x, target):
    for rule in CAPTUM:
        for setting, bias, stability in [
            ("bare", "drop", NOTHING),
            ("bare", "keep", NOTHING),
            ("stabilizer", "drop", None),
            ("default", "keep", None),
        ]:
            yield rule, bias, setting, captum(model, x, target, rule, bias, stability)


def gradient_cases(model, x, target):
    x = x.clone().requires_grad_()
    steps = {"n_steps": 50, "baselines": 0.0, "target": target}
    for rule, setting, found in [
        ("gradient", "bare", Saliency(model).attribute(x, target, abs=False)),
        ("gradient", "default", Saliency(model).attribute(x, target)),
        ("gradient-x-input", "bare", InputXGradient(model).attribute(x, target)),
        ("integrated-gradients:50", "bare", IntegratedGradients(model).attribute(x, method="riemann_middle", **steps)),
        ("integrated-gradients:50", "default", IntegratedGradients(model).attribute(x, **steps)),
    ]:
        yield rule, "keep", setting, found.detach()


# What a package refuses -----------------------------------------------------------------------------------------------


def refusals():
    """What captum's LRP says of modules that have no rule."""
    x = torch.ones(1, 2, 2, 2, dtype=torch.float64)
    for name, module in [("Flatten", nn.Flatten()), ("ReLU6", nn.ReLU6()), ("Identity", nn.Identity())]:
        try:
            LRP(nn.Sequential(module, nn.Flatten(1))).attribute(x.clone().requires_grad_(), target=0)
        except (TypeError, RuntimeError, AssertionError) as error:
            yield {"package": "captum", "module": name, "error": " ".join(str(error).split())}


def network(path):
    model, x, bounds = read(path)
    output = model(x)[0].detach()
    target = int(output.argmax())
    cases = []
    for package, found in [
        ("zennit", zennit_cases(model, x, bounds, target)),
        ("captum", captum_cases(model, x, target)),
        ("captum", gradient_cases(model, x, target)),
    ]:
        for rule, bias, setting, relevance in found:
            case = {"package": package, "rule": rule, "bias": bias, "setting": setting}
            cases.append({**case, "relevance": relevance.flatten().tolist()})
    return {"file": path, "target": target, "value": float(output[target]), "cases": cases}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", nargs="+", metavar="NETWORK", help="a network file with a sample and bounds")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to write")
    options = parser.parse_args()
    torch.set_num_threads(1)
    packages = {name: version(name) for name in ("torch", "zennit", "captum")}
    head = {"packages": {"python": platform.python_version(), **packages}, "refused": list(refusals())}
    networks = [network(path) for path in options.networks]
    # A case a line.
    lines = [json.dumps(head)[:-1] + ', "networks": [']
    for number, found in enumerate(networks):
        cases = found.pop("cases")
        lines.append(json.dumps(found)[:-1] + ', "cases": [')
        lines.append(",\n".join(json.dumps(case) for case in cases))
        lines.append("]}" + ("," if number + 1 < len(networks) else "]}"))
    Path(options.output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
