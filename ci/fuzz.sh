#!/bin/sh
# Runs each fuzz target for a bounded time (seconds, default 30) with its seeds.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/setup.sh"

seconds=${1:-30}
usrsctp=$GENSCTP_BUILD/usrsctp-fuzz
"$top/ci/usrsctp.sh" "$usrsctp" -DCMAKE_C_COMPILER=clang \
  "-DCMAKE_C_FLAGS=-g -fsanitize=fuzzer-no-link,address"

configured_in fuzz --enable-werror --enable-fuzzers \
  --disable-shared CC=clang \
  "PKG_CONFIG_PATH=$usrsctp/lib/pkgconfig"
make -j"$(jobs_at_once)" programs
for source in "$top"/fuzz/fuzz_*.c; do
  target=$(basename "$source" .c)
  mkdir -p "corpus/$target"
  set -- "corpus/$target"
  for seeds in "$top/fuzz/corpus/$target" "$top/fuzz/corpus/${target#fuzz_}"; do
    [ ! -d "$seeds" ] || set -- "$@" "$seeds"
  done
  echo "== $target"
  "fuzz/$target" -max_total_time="$seconds" -timeout=30 -print_final_stats=1 "$@"
done
