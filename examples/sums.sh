#!/bin/sh
# The audit as CSV: sum, gap and least relevance of every layer of every sample.
# Usage: examples/sums.sh NETWORK [further options of explain]            needs jq
set -eu
deeptaylor explain "$@" --format json | jq -r '
  ["sample", "layer", "type", "sum", "gap", "least"],
  (.network.layers as $layers
    | .samples | to_entries[] | .key as $sample
    | .value.layers | to_entries[]
    | [$sample, .key, $layers[.key].type, .value.sum, .value.gap, .value.least])
  | @csv'
