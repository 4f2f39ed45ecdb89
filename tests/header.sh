#!/bin/sh
# gensctp.h is for C99, C11 and C++17 programs, and the README's program is one.
. "${srcdir:-.}/tests/lib.sh"

CC=${CC:-cc}
CXX=${CXX:-c++}
strict="-pedantic -Wall -Wextra -Werror -fsyntax-only -I$srcdir/include"

echo '#include <gensctp.h>' >"$tmp/include.c"
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
