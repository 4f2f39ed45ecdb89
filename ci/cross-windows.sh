#!/bin/sh
# Cross compiles everything for Windows with mingw-w64: DLL, static library,
# programs, and the tests' programs, which are not run.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/setup.sh"

host=x86_64-w64-mingw32
usrsctp=$GENSCTP_BUILD/usrsctp-windows
"$top/ci/usrsctp.sh" "$usrsctp" -DCMAKE_SYSTEM_NAME=Windows \
  -DCMAKE_C_COMPILER=$host-gcc -DCMAKE_RC_COMPILER=$host-windres

cross_programs windows $host "$usrsctp"
[ -f "$GENSCTP_BUILD/windows/.libs/libgensctp-0.dll" ] ||
  fail "libtool made no DLL"
