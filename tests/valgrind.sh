#!/bin/sh
# An association from its beginning to its end: no memory is lost or misused,
# in either IP layer.
. "${srcdir:-.}/tests/lib.sh"
NEED valgrind timeout
case ${sanitizers:-none} in
none) ;;
*) SKIP "a sanitizer looks already" ;;
esac
[ -f .libs/libgensctp.so ] || SKIP "there is no shared library"

# shellcheck disable=SC2086,SC2154 # a list of words; tests/lib.sh
CHECK "it links" ${CC:-cc} -g -I"$srcdir/include" "$srcdir/tests/roundtrip.c" \
  -o "$tmp/roundtrip" -Wl,-rpath,"$PWD/.libs" -L.libs -lgensctp

for layer in replaced conn; do
  GENSCTP_IP_LAYER=$layer
  export GENSCTP_IP_LAYER
  "$tmp/roundtrip" >"$tmp/out" 2>&1 || {
    echo "# SKIP: no $layer layer here"
    continue
  }
  timeout 120 valgrind -q --leak-check=full --error-exitcode=9 \
    --errors-for-leak-kinds=definite \
    "$tmp/roundtrip" >"$tmp/out" 2>"$tmp/err" ||
    FAIL "$layer, status $?: $(cat "$tmp/out" "$tmp/err")"
done
