#!/bin/sh
# gensctp.h is for C99, C11 and C++17 programs, and the README's program is one.
. "${srcdir:-.}/tests/lib.sh"

CC=${CC:-cc}
CXX=${CXX:-c++}
strict="-pedantic -Wall -Wextra -Werror -fsyntax-only -I$srcdir/include"

cat >"$tmp/include.c" <<'END'
#include <gensctp.h>

struct gen_sctp_msg first = GEN_SCTP_MSG_INIT;

int main(void)
{
  struct gen_sctp_msg msgs[2] = { GEN_SCTP_MSG_INIT, GEN_SCTP_MSG_INIT };
  struct gen_sctp_outgoing outgoing = GEN_SCTP_OUTGOING_INIT;
  struct gen_sctp_stat stat = GEN_SCTP_STAT_INIT;
  struct gen_sctp_info info = GEN_SCTP_INFO_INIT;

  return outgoing.size != sizeof(outgoing) || stat.size != sizeof(stat) ||
         info.size != sizeof(info) || msgs[1].size != sizeof(first) ||
         first.size != sizeof(first) || first.kind != GEN_SCTP_MSG_NONE;
}
END
cp "$tmp/include.c" "$tmp/include.cc"

# $CC and $strict are lists of words.
# shellcheck disable=SC2086
{
  CHECK "C99" $CC -std=c99 $strict "$tmp/include.c"
  CHECK "C11" $CC -std=c11 $strict "$tmp/include.c"
  if command -v "${CXX%% *}" >/dev/null; then
    CHECK "C++17" $CXX -std=c++17 $strict "$tmp/include.cc"
  fi

  # shellcheck disable=SC2016 # Markdown
  sed -n '/^```c$/,/^```$/p' "$srcdir/README.md" | grep -v '^```' \
    >"$tmp/readme.c"
  CHECK "the README has a program" [ -s "$tmp/readme.c" ]
  CHECK "the README's program" $CC -std=c11 $strict "$tmp/readme.c"
}
