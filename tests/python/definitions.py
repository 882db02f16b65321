"""Operators as ONNX defines them, where onnx.reference of onnx 1.23 has them wrong or refuses what is right.

It normalises by the samples' own mean and variance before opset 14, takes the largest over the wrong axes outside of pictures,
and refuses pools of one axis with auto_pad, paddings that a side needs to be as long as the window, and Dropout of opset 6.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx.reference.op_run import OpRun


class BatchNormalization(OpRun):
    op_domain = ""

    def _run(self, x, scale, bias, mean, variance, epsilon=None, **_):
        scale, bias, mean, variance = (part.reshape(-1, *[1] * (x.ndim - 2)) for part in (scale, bias, mean, variance))
        return (scale * (x - mean) / np.sqrt(variance + epsilon) + bias,)


class Dropout(OpRun):
    op_domain = ""

    def _run(self, x, *_, **__):
        return (x,)


class GlobalMaxPool(OpRun):
    op_domain = ""

    def _run(self, x):
        return (x.max(axis=tuple(range(2, x.ndim)), keepdims=True),)


def padding(side, reach, stride, before, after, auto_pad, ceil_mode):
    """How many places are added before and after a side."""
    if auto_pad == "VALID":
        return 0, 0
    if auto_pad in ("SAME_UPPER", "SAME_LOWER"):
        whole = max((-(-side // stride) - 1) * stride + reach - side, 0)
        small, large = whole // 2, whole - whole // 2
        return (small, large) if auto_pad == "SAME_UPPER" else (large, small)
    return before, after + (-(side + before + after - reach) % stride if ceil_mode else 0)


def windows(x, kernel_shape, strides=None, pads=None, dilations=None, auto_pad="NOTSET", ceil_mode=0):
    """The values of every window along the last axis; what is padding is no number."""
    n = len(kernel_shape)
    strides, dilations, pads = strides or [1] * n, dilations or [1] * n, pads or [0] * 2 * n
    reach = [(kernel - 1) * dilation + 1 for kernel, dilation in zip(kernel_shape, dilations)]
    added = [padding(x.shape[k + 2], reach[k], strides[k], pads[k], pads[k + n], auto_pad, ceil_mode) for k in range(n)]
    padded = np.pad(x, [(0, 0), (0, 0), *added], constant_values=np.nan)
    found = sliding_window_view(padded, reach, axis=tuple(range(2, n + 2)))
    every = [slice(None, None, step) for step in (1, 1, *strides, *dilations)]
    found = found[tuple(every)]
    return found.reshape(*found.shape[: n + 2], -1)


class MaxPool(OpRun):
    op_domain = ""

    def _run(self, x, storage_order=0, **window):
        return (np.nanmax(windows(x, **window), axis=-1),)


class AveragePool(OpRun):
    op_domain = ""

    def _run(self, x, count_include_pad=0, **window):
        found = windows(x, **window)
        if count_include_pad:
            return (np.nan_to_num(found, nan=0.0).mean(axis=-1),)
        return (np.nanmean(found, axis=-1),)


OPERATORS = [BatchNormalization, Dropout, GlobalMaxPool, MaxPool, AveragePool]
