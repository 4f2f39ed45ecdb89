#!/bin/sh
# The manual pages: well-formed, with every option and every function; the
# program in gensctp(3) compiles.
. "${srcdir:-.}/tests/cli_lib.sh"

man1=$srcdir/man/gensctp.1
man3=$srcdir/man/gensctp.3

# Options of --help and of the page are the same.
for command in listen connect status info nat perf; do
  gensctp "$command" --help | sed -n 's/^  [- ].[, ] --\([a-z0-9-]*\).*/\1/p'
done | sort -u >"$tmp/help"
sed -n 's/^\.It .*Fl -\([a-z0-9-]*\).*/\1/p' "$man1" | sort -u >"$tmp/page"
diff "$tmp/help" "$tmp/page" || FAIL "gensctp(1) (>) differs from --help (<)"

# So are functions of the header and of the page.
tr '\n' ' ' <"$srcdir/include/gensctp.h" | sed 's/;/;\n/g' |
  sed -n 's/.*GENSCTP_API [^(]*[ *]\(gen_sctp_[a-z0-9_]*\)(.*/\1/p' |
  sort >"$tmp/header"
sed -n 's/^\.F[no] \(gen_sctp_[a-z0-9_]*\).*/\1/p; /^\.Sh DESCRIPTION/q' \
  "$man3" | sort >"$tmp/page"
diff "$tmp/header" "$tmp/page" || FAIL "gensctp(3) (>) differs from gensctp.h (<)"
sed -n 's/^	\(GEN_SCTP_OPT_[A-Z_]*\)[, ].*/\1/p' \
  "$srcdir/include/gensctp.h" >"$tmp/options"
CHECK "the header has options" [ -s "$tmp/options" ]
while read -r option; do
  grep -q "^\.It Dv $option Ta" "$man3" || FAIL "$option is not in gensctp(3)"
done <"$tmp/options"

sed -n '/^#include <gensctp.h>/,/^\.Ed/p' "$man3" | sed 's/\\e/\\/g; /^\.Ed/d' \
  >"$tmp/program.c"
# shellcheck disable=SC2086 # a list of words
CHECK "the program in gensctp(3)" ${CC:-cc} -std=c11 -Wall -Wextra -Werror \
  -fsyntax-only "-I$srcdir/include" "$tmp/program.c"

NEED mandoc
CHECK "mandoc" mandoc -Tlint -Wwarning "$man1" "$man3"
