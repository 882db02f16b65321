#!/bin/bash
# JSON lines explained by a process on every core, with the bytes of a single one: pieces of 1,000 lines, in their order.
# Usage: examples/parallel.sh NETWORK [OPTIONS] < samples.jsonl > results.jsonl      needs GNU parallel
#
# OPTIONS are those of explain that say how: --rule, --target, --levels and the like. A list gets its number from its place;
# an object that brings its own "sample" keeps it. A piece whose process fails is tried again; where that does not help the
# exit status is 2, and what stands on stdout may have a gap: throw it away. PARALLEL='--sshloginfile HOSTS' lets other
# machines take part that have the program on their path and the network under the same absolute path.
set -euo pipefail
if [ $# = 0 ]; then
    echo 'error: expected examples/parallel.sh NETWORK [OPTIONS] < samples.jsonl, found no NETWORK' >&2
    exit 2
fi
for option in "${@:2}"; do
    case $option in
        -o* | --output* | --heatmap* | --format* | --inputs* | --sample | --sample=* | --first-sample* | --exit-zero)
            echo "error: $option: expected options that say how to explain; samples come on stdin, JSON lines go to stdout" >&2
            exit 2 ;;
    esac
done
# Blank lines are no samples; a table's header would be in the first piece only, so that others were read differently.
# shellcheck disable=SC2016
lines='NF && $1 !~ /^[[{]/ {
    print "error: standard input:" NR ": expected JSON lines, each a list or an object, found none" > "/dev/stderr"
    exit 2
} NF'
# The number of a piece is GNU parallel's to put in.
# shellcheck disable=SC2016
awk "$lines" | RAYON_NUM_THREADS=1 parallel --env RAYON_NUM_THREADS --pipe -N 1000 --keep-order --retries 3 \
    --halt now,fail=1 --quote \
    deeptaylor explain "$@" --inputs - --format jsonl --exit-zero --first-sample '{= $_ = (seq() - 1) * 1000 =}' || {
    echo 'note: not every sample is explained: what stands on stdout may have a gap' >&2
    exit 2
}
