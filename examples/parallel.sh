#!/bin/sh
# JSON lines explained by a process on every core, with the bytes of a single one: pieces of 1,000 lines, in their order.
# Usage: examples/parallel.sh NETWORK [further options of explain] < samples.jsonl > results.jsonl      needs GNU parallel
#
# A list gets its number from its place; an object that brings its own "sample" keeps it. A piece whose process is killed is
# tried again; the exit status is not 0 where one is missing. PARALLEL='--sshloginfile HOSTS' lets other machines take part
# that have the program on their path and the network under the same absolute path.
set -eu
# The number of a piece is GNU parallel's to put in. Blank lines are no samples.
# shellcheck disable=SC2016
sed '/^[[:space:]]*$/d' | RAYON_NUM_THREADS=1 parallel --env RAYON_NUM_THREADS --pipe -N 1000 --keep-order --retries 3 \
    --halt now,fail=1 --quote \
    deeptaylor explain "$@" --inputs - --format jsonl --exit-zero --first-sample '{= $_ = (seq() - 1) * 1000 =}'
