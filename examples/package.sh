#!/bin/sh
# Linux in one archive: a program that needs no library of the machine, its man pages, completions, README and licence.
# Usage: examples/package.sh [FOLDER]          writes FOLDER/deeptaylor-VERSION-TARGET.tar.gz [default: target/package]
#
# musl is linked where its standard library is there (rustup target add x86_64-unknown-linux-musl), else glibc, which is then in
# the program, too. PROFILE is another profile of Cargo than `dist`; PROGRAM is a program that is built already.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-target/package}
target=$(rustc -vV | sed -n 's/^host: //p')
musl=${target%-gnu}-musl
set --
if [ -d "$(rustc --print sysroot)/lib/rustlib/$musl" ]; then
    target=$musl
    set -- --target "$musl"
fi
staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
if [ -z "${PROGRAM:-}" ]; then
    # Where the sources and the crates lie here is not in the program: built elsewhere, it has the same bytes. The parts
    # of this variable, which stands in for RUSTFLAGS, are divided by U+001F: folders may have spaces.
    CARGO_ENCODED_RUSTFLAGS=$(printf -- '--remap-path-prefix=%s=deeptaylor\037--remap-path-prefix=%s=cargo' \
        "$PWD" "${CARGO_HOME:-$HOME/.cargo}")
    export CARGO_ENCODED_RUSTFLAGS
    # The flag is that of the last step alone: what runs while the rest is built cannot be static.
    messages=$staging/messages
    cargo rustc --locked --profile "${PROFILE:-dist}" --bin deeptaylor "$@" --message-format json-render-diagnostics \
        -- -C target-feature=+crt-static > "$messages"
    PROGRAM=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$messages")
    if readelf -d "$PROGRAM" | grep NEEDED >&2; then
        echo "error: $PROGRAM: expected a program that needs no library, found one that needs these" >&2
        exit 2
    fi
fi
name=deeptaylor-$("$PROGRAM" -V | cut -d ' ' -f 2)-$target
package=$staging/$name
mkdir -p "$package/completions" "$folder"
cp "$PROGRAM" "$package/deeptaylor"
cp README.md LICENSE "$package"
# What is inside, with its licence: a crate a line.
cargo tree --locked --edges normal --no-dedupe --prefix none --format '{p} {l}' "$@" |
    grep -v '^deeptaylor ' | LC_ALL=C sort -u > "$package/THIRD-PARTY"
"$PROGRAM" man --all "$package/man/man1"
for file in bash:deeptaylor.bash elvish:deeptaylor.elv fish:deeptaylor.fish powershell:_deeptaylor.ps1 zsh:_deeptaylor; do
    "$PROGRAM" completions "${file%%:*}" > "$package/completions/${file#*:}"
done
# The same files make the same archive: in the order of their names, of nobody, as old as the last commit.
time=$(git log -1 --format=%ct 2> /dev/null || echo 0)
tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+w,go-w,a+rX --mtime="@${SOURCE_DATE_EPOCH:-$time}" \
    -C "$staging" -cf - "$name" | gzip -n > "$staging/archive"
archive=$folder/$name.tar.gz
mv "$staging/archive" "$archive"
"$PROGRAM" --version
echo "$archive: $(wc -c < "$archive") bytes, of which the program is $(wc -c < "$PROGRAM") before it is packed"
