#!/bin/sh
# What make install installs is enough for a program, shared and static.
. "${srcdir:-.}/tests/lib.sh"
NEED make pkg-config
case ${sanitizers:-none} in
none) ;;
*) SKIP "the installed library needs its sanitizer" ;;
esac

CHECK "make install" env -u MAKEFLAGS -u MFLAGS \
  make install "DESTDIR=$tmp" >"$tmp/make.log" 2>&1
prefix=$tmp$(sed -n 's/^prefix=//p' gensctp.pc)

for file in include/gensctp.h lib/pkgconfig/gensctp.pc; do
  CHECK "$file is installed" [ -e "$prefix/$file" ]
done

# shellcheck disable=SC2016 # Markdown
sed -n '/^```c$/,/^```$/p' "$srcdir/README.md" | grep -v '^```' >"$tmp/readme.c"

flags() { # PKG-CONFIG-OPTION...
  PKG_CONFIG_PATH="$prefix/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}" \
    pkg-config "--define-variable=prefix=$prefix" "$@" --cflags --libs gensctp
}

# $CC and the flags are lists of words.
# shellcheck disable=SC2046,SC2086
if [ -e "$prefix/lib/libgensctp.so" ]; then
  CHECK "a program with the shared library links" \
    ${CC:-cc} "$tmp/readme.c" -o "$tmp/shared" $(flags)
fi

# shellcheck disable=SC2046,SC2086
if [ -e "$prefix/lib/libgensctp.a" ]; then
  CHECK "a static program links" \
    ${CC:-cc} -static "$tmp/readme.c" -o "$tmp/static" $(flags --static)
fi
