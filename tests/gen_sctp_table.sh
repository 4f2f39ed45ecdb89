#!/bin/sh
# shellcheck disable=SC2016 # backquotes are those of the page
# docs/gen_sctp.md: every public name has a row, every row a test that exists.
. "${srcdir:-.}/tests/lib.sh"
NEED python3

check() { # DIRECTORY
  python3 "$srcdir/tests/gen_sctp_table.py" "$1"
}

check "$srcdir" || FAIL "docs/gen_sctp.md"

# It would see what is wrong.
mkdir "$tmp/docs"
ln -s "$(cd "$srcdir" && pwd)/tests" "$(cd "$srcdir" && pwd)/include" "$tmp"
# SEES WHAT SED-SCRIPT
SEES() {
  sed "$2" "$srcdir/docs/gen_sctp.md" >"$tmp/docs/gen_sctp.md"
  cmp -s "$srcdir/docs/gen_sctp.md" "$tmp/docs/gen_sctp.md" &&
    FAIL "nothing is wrong for: $1"
  check "$tmp" >"$tmp/out" && FAIL "it does not see $1"
  grep -q "$1" "$tmp/out" || FAIL "not '$1': $(cat "$tmp/out")"
}
SEES 'no row for gen_sctp_eof' '/`gen_sctp_eof()`/d'
SEES 'no row for gen_sctp_rtoinfo.min' '/`\.min` /d'
SEES 'no row for GEN_SCTP_HB_DEMAND' '/`GEN_SCTP_HB_DEMAND`/d'
SEES ': no test$' 's/`api_end:eof_comes_after_all_that_was_sent`//'
SEES 'no test api_end:made_up' 's/api_end:eof_comes.*sent`/api_end:made_up`/'
SEES 'gen_sctp_made_up is not' 's/`gen_sctp_eof()`/& `gen_sctp_made_up()`/'
SEES '3 columns' 's/^| `eof\/2` |/|/'

rm "$tmp/include"
mkdir "$tmp/include"
{
  echo 'GENSCTP_API int gen_sctp_new(void);'
  cat "$srcdir/include/gensctp.h"
} >"$tmp/include/gensctp.h"
check "$tmp" | grep -q 'gen_sctp_new is not in api_misuse.c' ||
  FAIL "it does not see a function that nobody misuses"
