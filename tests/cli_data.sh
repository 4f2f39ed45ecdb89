#!/bin/sh
# What goes in at one end comes out at the other, byte by byte.
. "${srcdir:-.}/tests/cli_lib.sh"

head -c 3000000 /dev/urandom >"$tmp/file"

# connect to listen, in blocks of many sizes.
for size in 1000 1452 64k 1000000; do
  LISTEN data --once --binary </dev/null
  CHECK "blocks of $size" CONNECT --wait 0 --block "$size" <"$tmp/file"
  ENDED "$started" 0
  CHECK "blocks of $size are the same" cmp "$tmp/file" "$tmp/data.out"
done

# listen to connect.
LISTEN data --once --block 10k <"$tmp/file"
CHECK "connect receives" CONNECT --binary >"$tmp/back" </dev/null
ENDED "$started" 0
CHECK "listen sends the file" cmp "$tmp/file" "$tmp/back"

# Both ways at once, through echo.
LISTEN echo --echo --outstreams 16
CHECK "echo" CONNECT --block 100000 --count 30 <"$tmp/file" >"$tmp/back"
CHECK "echo is the same" cmp "$tmp/file" "$tmp/back"

# 1000 lines from 1 byte to 200,000 bytes on 16 streams: each stream keeps its
# order.
awk 'BEGIN {
  srand(1)
  for (i = 0; i < 1000; i++) {
    len = i % 100 ? int(rand() * 2000) + 1 : i * 200 + 1
    line = sprintf("%d:%d ", i % 16, i)
    while (length(line) < len)
      line = line "abcdefghijklmnopqrstuvwxyz0123456789 .,-+*/"
    print line
  }
}' >"$tmp/lines"
CHECK "lines" CONNECT -S --outstreams 16 --count 1000 <"$tmp/lines" >"$tmp/back"
for stream in 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
  grep "^$stream:" "$tmp/lines" >"$tmp/in"
  grep "^$stream:" "$tmp/back" >"$tmp/out"
  CHECK "stream $stream" cmp "$tmp/in" "$tmp/out"
done

# Three at once from one address and SCTP port, as behind a NAT.
LISTEN echo --echo
clients=
for i in 1 2 3; do
  CONNECT --local-port 6000 --block 100000 --count 30 <"$tmp/file" \
    >"$tmp/back$i" &
  clients="$clients $!"
done
for client in $clients; do
  CHECK "one of three" wait "$client"
done
for i in 1 2 3; do
  CHECK "echo to one of three is the same" cmp "$tmp/file" "$tmp/back$i"
done

# A last line without its end; empty lines are no messages.
LISTEN lines --once
printf '\none\n\ntwo' | CONNECT --wait 0 || FAIL "two lines"
ENDED "$started" 0
EQUAL "two lines" "$(cat "$tmp/lines.out")" "one
two"
