#!/bin/sh
# Which share of f(x) each input carries, a row for each sample.
# Usage: examples/shares.sh NETWORK [further options of explain]          needs jq
set -eu
deeptaylor explain "$@" --format json | jq -r '
  def left($n): . + " " * ($n - length);
  def right($n): " " * ($n - length) + .;
  def called: .name + (if .minus then " - " + .minus.name else "" end);
  def percent: if . == null then "–" else "\(. * 100 | round) %" end;
  [.network.layers[0] | .names // [range(.units) | tostring] | .[] | right([length, 6] | max)] as $names
  | (["sample", (.samples[].id // empty)] | map(length) | max) as $wide
  | ([.samples[].target | called | length] | max) as $long
  | "\("sample" | left($wide))  \("output" | left($long))  \($names | join("  "))    lost",
    (.samples[] | .target.value as $value
      | "\(.id // .sample | tostring | left($wide))  \(.target | called | left($long))  \([.layers[0].share, $names] | transpose | map(.[1] as $n | .[0] | percent | right($n | length)) | join("  "))  \([.lost[].relevance] | add // 0 | if $value == 0 then null else . / $value end | percent | right(6))")'
