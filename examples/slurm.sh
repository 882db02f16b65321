#!/bin/bash
#SBATCH --job-name=deeptaylor
#SBATCH --array=0-99
#SBATCH --cpus-per-task=1
#SBATCH --mem=1G
#SBATCH --output=%x-%A_%a.log
#
# JSON lines explained by an array of Slurm, each task a range of lines: the pieces, joined, are the bytes of one process.
# Usage: sbatch --array=0-99 examples/slurm.sh 100 NETWORK SAMPLES FOLDER [further options of explain]
#        examples/slurm_join.sh 100 FOLDER > results.jsonl
#
# A piece is written whole or not at all, and one that is there is not made again: after a failure, send the same line
# once more. The number of pieces stands there for itself, for a task that is sent alone (--array=7) does not know it.
set -euo pipefail
pieces=$1 network=$2 samples=$3 folder=$4
shift 4
task=${SLURM_ARRAY_TASK_ID:?'is set by Slurm: sbatch --array=0-99 examples/slurm.sh …'}
piece=$(printf '%s/%06d.jsonl' "$folder" "$task")
if [ -e "$piece" ]; then
    exit
fi
mkdir -p "$folder"
# Blank lines are no samples.
lines=$(awk 'NF { n++ } END { print n + 0 }' "$samples")
first=$((lines * task / pieces)) end=$((lines * (task + 1) / pieces))
if [ "$first" = "$end" ]; then
    : > "$piece"
    exit
fi
export RAYON_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}
awk -v first="$first" -v end="$end" 'NF { if (n >= first && n < end) print; n++ }' "$samples" |
    deeptaylor explain "$network" --inputs - --first-sample "$first" --format jsonl --exit-zero -o "$piece" "$@"
