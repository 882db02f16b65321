#!/bin/bash
# The pieces of examples/slurm.sh, in their order; nothing where one is missing or of another array, for neither could be seen.
# Usage: examples/slurm_join.sh PIECES FOLDER > results.jsonl
set -euo pipefail
refuse() {
    printf 'error: %s\n  help: %s\n' "$1" "$2" >&2
    exit 2
}
usage='examples/slurm_join.sh PIECES FOLDER > results.jsonl'
[ $# = 2 ] || refuse "expected 2 arguments, found $#" "$usage"
pieces=$1 folder=$2
[[ $pieces =~ ^0*[1-9][0-9]{0,5}$ ]] || refuse "expected a number of pieces from 1 to 999999, found '$pieces'" "$usage"
pieces=$((10#$pieces))
missing=
names=()
for ((task = 0; task < pieces; task++)); do
    printf -v name '%06d-of-%06d.jsonl' "$task" "$pieces"
    names+=("$name")
    [ -e "$folder/$name" ] || missing+=" $name"
done
[ -z "$missing" ] || refuse "$folder: expected $pieces pieces, found no$missing" \
    'send examples/slurm.sh once more: it makes what is missing, and nothing else'
found=("$folder"/*.jsonl)
[ ${#found[@]} = "$pieces" ] || refuse "$folder: expected $pieces pieces, found ${#found[@]} files of .jsonl" \
    'a folder holds the pieces of one array: remove what is of another'
for name in "${names[@]}"; do cat "$folder/$name"; done
