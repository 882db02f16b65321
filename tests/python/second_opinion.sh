#!/bin/sh
# Asks others: every number that deeptaylor computes, computed a second time by something that shares no code with it.
#
#     tests/python/second_opinion.sh [PROGRAM]
#
# PROGRAM is target/release/deeptaylor unless given. A line each: the golden files recomputed from the mathematics in numpy,
# exact relevance against Python's fractions, ONNX models read and written against onnxruntime, trained models against it where
# MODELS names a folder of them (../shared/models), and relevance against zennit. PYTHON is a Python with numpy, onnx and
# onnxruntime, and TORCH_PYTHON one with torch and zennit, which may be the same. COUNT is how many random networks each takes, in
# percent: 100. Ends with status 1 where anything disagrees, and with 2 where something could not be asked.
set -u
cd "$(dirname "$0")/../.." || exit 2
program=${1:-target/release/deeptaylor}
python=${PYTHON:-python3}
torch_python=${TORCH_PYTHON:-$python}
models=${MODELS:-../shared/models}
count=${COUNT:-100}
export PYTHONDONTWRITEBYTECODE=1
status=0

# What it is, the Python, the packages that it needs, and the script with its arguments.
ask() {
    name=$1 with=$2 packages=$3
    shift 3
    start=$(date +%s)
    if ! "$with" -c "import $packages" >/dev/null 2>&1; then
        printf '%-28s  not asked: %s has no %s\n' "$name" "$with" "$packages"
        [ "$status" -eq 1 ] || status=2
        return
    fi
    if said=$("$with" "$@" 2>&1); then
        agrees=agrees
    else
        agrees=DISAGREES status=1
        printf '%s\n' "$said" | sed '$d'
    fi
    last=$(printf '%s\n' "$said" | tail -n 1)
    case $last in
    "0 passed"*) agrees=DISAGREES status=1 ;;
    *" passed, 0 failed") ;;
    # What ends otherwise has not run to its end.
    *) agrees=DISAGREES status=1 ;;
    esac
    printf '%-28s  %s: %s, %d s\n' "$name" "$agrees" "$last" "$(($(date +%s) - start))"
    # Its figures, on the line before.
    printf '%s\n' "$said" | tail -n 2 | sed '$d; s/^/    /'
}

of() {
    echo $(($1 * count / 100))
}

if ! "$program" --version; then
    echo "$program cannot be run" >&2
    exit 2
fi
ask "golden files" "$python" numpy tests/python/golden.py tests/golden
ask "golden files, changed" "$python" numpy tests/python/golden.py tests/golden --self-check
ask "exact, in Python" "$python" fractions tests/python/exact.py "$program" "$(of 1000)"
ask "ONNX read" "$python" numpy,onnx,onnxruntime tests/python/onnx_read.py "$program" "$(of 1000)"
ask "ONNX written" "$python" numpy,onnx,onnxruntime tests/python/onnx_written.py "$program" "$(of 300)"
if [ -d "$models" ]; then
    ask "ONNX models" "$python" numpy,onnx,onnxruntime tests/python/onnx_models.py "$program" "$models"
else
    printf '%-28s  not asked: %s is not there\n' "ONNX models" "$models"
    [ "$status" -eq 1 ] || status=2
fi
ask "zennit" "$torch_python" torch,zennit tests/python/zennit_relevance.py "$program" "$(of 200)"
exit "$status"
