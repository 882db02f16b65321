#!/bin/sh
# Whether the same sources make the same archive, byte for byte: the last commit, packed by package.sh in two folders.
# Usage: .ci/reproducible.sh [COMMIT]          builds twice, from nothing; exit status 1 where a byte differs
#
# The folders have names of different lengths, and so have those where the crates lie. PROFILE is another profile of Cargo than
# `dist`. What else decides the bytes is the compiler, which is named at the end: another version makes another program.
set -eu
cd "$(dirname "$0")/.."
commit=${1:-HEAD}
cargo=${CARGO_HOME:-$HOME/.cargo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct "$commit")
export SOURCE_DATE_EPOCH
cargo fetch --locked --quiet
for folder in "$work/a" "$work/another folder"; do
    mkdir -p "$folder/sources" "$folder/cargo"
    # The crates that are downloaded already, under another path.
    ln -s "$cargo/registry" "$folder/cargo/registry"
    git archive "$commit" | tar -x -C "$folder/sources"
    CARGO_HOME="$folder/cargo" CARGO_TARGET_DIR="$folder/target" "$folder/sources/examples/package.sh" "$folder/archive"
done
set -- "$work"/*/archive/*.tar.gz
sha256sum "$1" "$2" | sed "s|$work/||"
if ! cmp "$1" "$2"; then
    echo "error: $commit: expected the same archive from both folders, found two" >&2
    for folder in "$work/a" "$work/another folder"; do
        (cd "$folder" && mkdir inside && tar -xzf archive/*.tar.gz -C inside && cd inside && find . -type f -exec sha256sum {} +) |
            LC_ALL=C sort -k 2 > "$folder/files"
    done
    diff "$work/a/files" "$work/another folder/files" >&2 || true
    exit 1
fi
echo "the same bytes, of $(git rev-parse --short "$commit") by $(rustc --version)"
