#!/bin/sh
# Runs the fuzzer at the doors, two at a time, each for so many seconds from a fixed seed; what it makes up stays out of `corpus`.
#
#     tests/fuzz/run.sh [SECONDS] [SEED] [DOOR…]        20 seconds, seed 1 and every door unless told otherwise
#
# It fails where a door does, and says which one, why, and where its input stands.
set -eu
cd "$(dirname "$0")"

# One door, called by xargs below.
if [ "${1:-}" = --one ]; then
    door=$2
    mkdir -p "artifacts/$door" "$WORK/$door/found"
    set -- "$WORK/$door/found" "corpus/$door"
    [ ! -d "regressions/$door" ] || set -- "$@" "regressions/$door"
    [ ! -f "dictionaries/$door" ] || set -- "$@" "-dict=dictionaries/$door"
    log=$WORK/$door/log
    # What hangs is ended by -timeout; what works for too long ends itself, however busy the machine is. To weigh inputs by how rare
    # their features are takes longer than an explanation, and one thread a door is what two doors at a time leave.
    if DOOR=$door RAYON_NUM_THREADS=1 "$PROGRAM" "$@" "-max_total_time=$SECONDS_EACH" "-seed=$SEED" -entropic=0 -max_len=4096 \
        -timeout=60 -rss_limit_mb=2048 "-artifact_prefix=artifacts/$door/" >"$log" 2>&1; then
        runs=$(sed -n 's/^Done \([0-9]*\) runs.*/\1/p' "$log")
        edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
        echo "$door: ${runs:-0} runs, $edges edges"
        exit 0
    fi
    {
        echo "$door FAILS:"
        grep -A 8 -E 'panicked at|ERROR: libFuzzer' "$log" || tail -n 20 "$log"
        input=$(sed -n 's/.*Test unit written to //p' "$log")
        echo "  its input: tests/fuzz/$input"
        echo "  once more: DOOR=$door cargo fuzz run --fuzz-dir tests/fuzz -s none door tests/fuzz/$input"
    } >&2
    exit 1
fi

SECONDS_EACH=${1:-20}
SEED=${2:-1}
[ $# -lt 1 ] || shift
[ $# -lt 1 ] || shift
[ $# -gt 0 ] || set -- corpus/*
doors=
for door in "$@"; do
    doors="$doors ${door##*/}"
done

# Where the files of the doors and what is found lie: in memory where there is such a place.
shm=/dev/shm
[ -w "$shm" ] || shm=${TMPDIR:-/tmp}
WORK=$(mktemp -d "$shm/deeptaylor-fuzz.XXXXXX")
trap 'rm -rf "$WORK"' EXIT
trap 'exit 1' HUP INT TERM
TMPDIR=$WORK

# The lock file says which versions; cargo-fuzz itself does not hold to it, and compiles each crate in one piece unless told.
cargo metadata --locked --format-version 1 >"$WORK/metadata"
cargo fuzz build --fuzz-dir . -s none --codegen-units 16 --no-trace-compares
PROGRAM=target/$(rustc -vV | sed -n 's/^host: //p')/release/door
export SECONDS_EACH SEED WORK TMPDIR PROGRAM
# shellcheck disable=SC2086 # a word a door
printf '%s\n' $doors | xargs -n 1 -P 2 sh ./run.sh --one
