#!/bin/bash
#SBATCH --job-name=deeptaylor
#SBATCH --array=0-99
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --output=%x-%A_%a.log
#
# JSON lines explained by an array of Slurm, each task a range of lines: the pieces, joined, are the bytes of one process.
# Usage: sbatch --array=0-99 examples/slurm.sh 100 NETWORK SAMPLES FOLDER [OPTIONS]
#        examples/slurm_join.sh 100 FOLDER > results.jsonl
#
# OPTIONS are those of explain that say how: --rule, --target, --levels and the like. Other options want another FOLDER.
# A piece is written whole or not at all, and one that is there is not made again: after a failure, send the same line
# once more. The number of pieces stands there for itself, for a task that is sent alone (--array=7) does not know it.
set -euo pipefail
refuse() {
    printf 'error: %s\n  help: sbatch --array=0-99 examples/slurm.sh 100 NETWORK SAMPLES FOLDER [OPTIONS]\n' "$1" >&2
    exit 2
}
[ $# -ge 4 ] || refuse "expected 4 arguments and options, found $#"
pieces=$1 network=$2 samples=$3 folder=$4 task=${SLURM_ARRAY_TASK_ID:-}
shift 4
[[ $pieces =~ ^0*[1-9][0-9]{0,5}$ ]] || refuse "expected a number of pieces from 1 to 999999, found '$pieces'"
[[ $task =~ ^[0-9]{1,6}$ ]] || refuse "SLURM_ARRAY_TASK_ID: expected a number, which Slurm sets, found '$task'"
# A number that begins with 0 is not an octal one.
pieces=$((10#$pieces)) task=$((10#$task))
[ "$task" -lt "$pieces" ] || refuse "expected tasks from 0 to $((pieces - 1)) for $pieces pieces, found task $task"
for option; do
    case $option in
        -o* | --output* | --heatmap* | --format* | --inputs* | --sample | --sample=* | --first-sample* | --exit-zero)
            refuse "$option: expected options that say how to explain; samples and results are what the script says" ;;
    esac
done
[[ -f $samples && -r $samples ]] || refuse "$samples: expected a file of JSON lines, found none to read"

piece=$(printf '%s/%06d-of-%06d.jsonl' "$folder" "$task" "$pieces")
if [ -e "$piece" ]; then
    for read in "$samples" "$network"; do
        [ ! "$read" -nt "$piece" ] || refuse "$piece: expected a piece newer than $read, found an older one: take another FOLDER"
    done
    echo "note: $piece: already there, kept" >&2
    exit
fi
# Blank lines are no samples. What is no JSON line, a table or a gzipped file, cannot be cut by lines.
lines=$(awk 'NF && $1 !~ /^[[{]/ { print "in line " NR; exit } NF { n++ } END { print n + 0 }' "$samples")
[[ $lines != in* ]] || refuse "$samples: expected plain JSON lines, each a list or an object, found none ${lines%%$'\n'*}"
mkdir -p "$folder"
first=$((lines * task / pieces)) end=$((lines * (task + 1) / pieces))
if [ "$first" = "$end" ]; then
    : > "$piece"
    exit
fi
export RAYON_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
awk -v first="$first" -v end="$end" 'NF { if (n >= first && n < end) print; n++ }' "$samples" |
    deeptaylor explain "$network" --inputs - --first-sample "$first" --format jsonl --exit-zero -o "$piece" "$@"
