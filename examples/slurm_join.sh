#!/bin/sh
# The pieces of examples/slurm.sh, in their order; nothing where one is missing, for a gap could not be seen.
# Usage: examples/slurm_join.sh PIECES FOLDER > results.jsonl
set -eu
pieces=$1 folder=$2
names=$(seq -f '%06.0f' 0 $((pieces - 1)))
missing=$(for name in $names; do [ -e "$folder/$name.jsonl" ] || printf ' %s.jsonl' "$name"; done)
if [ -n "$missing" ]; then
    echo "error: $folder: expected $pieces pieces, found no$missing" >&2
    echo "  help: send examples/slurm.sh once more: it makes what is missing, and nothing else" >&2
    exit 2
fi
for name in $names; do cat "$folder/$name.jsonl"; done
