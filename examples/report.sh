#!/bin/sh
# The relevance of the inputs as a Markdown table, one row for each sample.
# Usage: examples/report.sh NETWORK [further options of explain]          needs jq
set -eu
deeptaylor explain "$@" --format json | jq -r '
  def name($i): .network.layers[0].names[$i] // "input \($i)";
  . as $result
  | "| sample | target | f(x) | \([range(.network.layers[0].units) as $i | name($i)] | join(" | ")) | conserved |",
    "|---|---|---|\("---|" * .network.layers[0].units)---|",
    (.samples | to_entries[]
      | "| \(.key) | \(.value.target.name) | \(.value.target.value) | \(.value.layers[0].relevance | map(tostring) | join(" | ")) | \(if .value.checks.conservation.holds then "yes" else "no: \(.value.lost | map("unit \(.unit) of layer \(.layer)") | join(", "))" end) |")'
