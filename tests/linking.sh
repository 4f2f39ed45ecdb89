#!/bin/sh
# However the library comes into a program, it works: with its own IP layer
# where the dynamic linker finds it before usrsctp, else with usrsctp's
# interface and a warning.
. "${srcdir:-.}/tests/lib.sh"
case ${sanitizers:-none} in
none) ;;
*) SKIP "the library needs its sanitizer" ;;
esac
NEED nm pkg-config

library=$PWD/.libs/libgensctp.so
unset GENSCTP_OFFLOADS

# BUILD PROGRAM FLAG...: tests/roundtrip.c; $CC is a list of words.
BUILD() {
  # shellcheck disable=SC2154 # tests/lib.sh
  program=$tmp/$1
  shift
  # shellcheck disable=SC2086
  CHECK "it links" ${CC:-cc} -I"$srcdir/include" "$srcdir/tests/roundtrip.c" \
    -o "$program" "$@"
}

# RUN LAYER [ARGUMENT...]: $program with that layer asked for; its output is in
# $tmp/out and $tmp/err, its status in $status.
RUN() {
  GENSCTP_IP_LAYER=$1
  export GENSCTP_IP_LAYER
  shift
  status=0
  "$program" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
}

# SAID NAME WANTED: a line of the output.
SAID() {
  EQUAL "$1" "$(sed -n "s/^$1: *//p" "$tmp/out")" "$2"
}

# It runs on the replaced layer, and no word about it.
IS_REPLACED() {
  EQUAL "status, $(cat "$tmp/out")" "$status" 0
  SAID layer replaced
  SAID method "$1"
  EQUAL "warnings" "$(cat "$tmp/err")" ""
}

# It runs on the conn layer since usrsctp comes first, and says so in one line.
FALLS_BACK() {
  EQUAL "status, $(cat "$tmp/out")" "$status" 0
  SAID layer conn
  SAID method none
  reason=$(sed -n 's/^reason: *//p' "$tmp/out")
  [ -n "$reason" ] || FAIL "there is no reason"
  EQUAL "lines of warning" "$(grep -c . "$tmp/err")" 1
  grep -qF "$reason" "$tmp/err" || FAIL "not the reason: $(cat "$tmp/err")"
}

CANNOT_REPLACE() {
  EQUAL status "$status" 3
  SAID open "$("$tmp/strerror" ENOTSUP)"
  grep -q '^hint: .' "$tmp/out" || FAIL "there is no hint"
  EQUAL "warnings" "$(cat "$tmp/err")" ""
}

cat >"$tmp/strerror.c" <<'END'
#include <errno.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
  (void)argc;
  puts(strerror(strcmp(argv[1], "EBUSY") == 0 ? EBUSY : ENOTSUP));
  return 0;
}
END
# shellcheck disable=SC2086
CHECK "strerror" ${CC:-cc} "$tmp/strerror.c" -o "$tmp/strerror"

shared() {
  rpath=-Wl,-rpath,$PWD/.libs,--no-as-needed
  BUILD ours_first "$rpath" -L.libs -lgensctp -lusrsctp
  RUN auto && IS_REPLACED override
  RUN replaced && IS_REPLACED override
  RUN conn
  SAID reason "asked for"
  EQUAL "warnings" "$(cat "$tmp/err")" ""

  BUILD usrsctp_first "$rpath" -L.libs -lusrsctp -lgensctp
  RUN auto && FALLS_BACK
  RUN replaced && CANNOT_REPLACE
  RUN conn
  EQUAL status "$status" 0
  EQUAL "warnings" "$(cat "$tmp/err")" ""

  BUILD loaded -DLOADED -ldl
  RUN auto "$library" && IS_REPLACED override
  RUN auto "$library" libusrsctp.so.2 && FALLS_BACK
  RUN replaced "$library" libusrsctp.so.2 && CANNOT_REPLACE

  BUILD other_user -DOTHER_USER "$rpath" -L.libs -lgensctp -lusrsctp
  for layer in auto replaced conn; do
    RUN "$layer"
    EQUAL status "$status" 3
    SAID open "$("$tmp/strerror" EBUSY)"
    grep -q '^hint: .*usrsctp' "$tmp/out" || FAIL "there is no hint"
  done

  program=$tmp/ours_first
  GENSCTP_OFFLOADS=off
  export GENSCTP_OFFLOADS
  RUN auto && IS_REPLACED override
  SAID offloads ""
  unset GENSCTP_OFFLOADS
}

# The flags are those of gensctp.pc, which is for where it will be installed.
static() {
  flags=$(PKG_CONFIG_PATH="$PWD${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}" \
    pkg-config --static "--define-variable=libdir=$PWD/.libs" --libs gensctp)
  # shellcheck disable=SC2086
  BUILD static -static $flags
  RUN auto && IS_REPLACED "$1"
  RUN conn
  EQUAL status "$status" 0
  SAID layer conn
}

replaces=$(nm -D --defined-only "$library" 2>/dev/null | grep -c ' sowakeup')
[ "$replaces" = 0 ] || shared
if [ -f .libs/libgensctp.a ]; then
  # Without a method there is nothing to prove.
  ! grep -q -e --wrap= gensctp.pc || static wrap
fi
[ "$replaces" != 0 ] || grep -q -e --wrap= gensctp.pc ||
  SKIP "nothing is replaced in this build"
