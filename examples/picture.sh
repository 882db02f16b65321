#!/bin/sh
# The relevance of a picture in letters, from nothing ( ) over . : - = + * to the largest (#).
# Usage: examples/picture.sh NETWORK [further options of explain]         needs jq
set -eu
deeptaylor explain "$@" --format json | jq -r '
  .samples[0].layers[0].relevance
  | (map(fabs) | max) as $most
  | (length | sqrt | floor) as $side
  | map(" .:-=+*#"[(if $most > 0 then 7 * fabs / $most | round else 0 end):][:1])
  | range(0; length; $side) as $row | .[$row:$row + $side] | add'
