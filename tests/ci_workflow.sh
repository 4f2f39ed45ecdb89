#!/bin/sh
# The workflow has every stage of .ci/run, and what it runs is there.
. "${srcdir:-.}/tests/lib.sh"
workflow=$srcdir/.github/workflows/ci.yml
[ -f "$workflow" ] || SKIP "the workflow is not here"

EQUAL "stages" "$(sed -n '/^ *stage:$/,/^ *steps:$/s/^ *- //p' "$workflow" |
  paste -s -d ' ' -)" \
  "$(sed -n 's/^all_stages="\(.*\)"$/\1/p' "$srcdir/.ci/run")"
sed -n 's,.*run: \([^ ]*/[^ ]*\).*,\1,p' "$workflow" |
  while read -r script; do
    CHECK "$script can be run" [ -x "$srcdir/$script" ]
  done
