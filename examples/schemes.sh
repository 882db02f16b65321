#!/bin/sh
# Initialisation schemes as a Markdown table.
# Usage: examples/schemes.sh [options of compare]          needs jq
set -eu
echo "| scheme | rule | f(x) ± sd | effective inputs | silent units | both properties |"
echo "|---|---|---|---|---|---|"
deeptaylor compare "$@" --format json | jq -r '
    def figure: if . == null then "–" else . * 1000 | round / 1000 | tostring end;
    .schemes[] | "| \(.scheme) | \(.rule) | \(.output.mean | figure) ± \(.output.sd | figure) | \(.effective_inputs | figure) | \(.silent_units | figure) | \(
        if .conservation.holds == .runs and .positivity.holds == .runs then "hold" else "fail" end) |"'
