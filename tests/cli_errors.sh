#!/bin/sh
# Every failure has its status and says what, why, and what to try.
. "${srcdir:-.}/tests/cli_lib.sh"

LISTEN first </dev/null
first=$started

STATUS 3 gensctp connect --udp-remote-port "$udp" "$addr" 6000
SAYS "connect to $addr, SCTP port 6000, UDP port $udp: Connection refused" \
  "$tmp/said"
SAYS "gensctp listen" "$tmp/said"

STATUS 7 gensctp listen --udp-port "$udp" "$addr" 6000
SAYS "UDP port $udp: Address already in use" "$tmp/said"
SAYS "--udp-port" "$tmp/said"

STATUS 7 gensctp listen --udp-port 0 203.0.113.7 6000
SAYS "gensctp info" "$tmp/said"

# Not resolved by anybody.
STATUS 8 gensctp connect a..b 5000
SAYS "unknown host" "$tmp/said"

# A stopped process does not answer.
FREEZE "$first"
gensctp connect --timeout 300ms --udp-remote-port "$udp" "$addr" "$port" \
  >"$tmp/said" 2>&1 </dev/null
status=$?
kill -CONT "$first"
EQUAL "status without an answer" "$status" 5
SAYS "--udp-remote-port" "$tmp/said"

# A stream that the association does not have.
printf '0:good\n99:bad\n' | CONNECT -S --outstreams 5 >"$tmp/said" 2>&1
EQUAL "status of stream 99" "$?" 1
SAYS "send on stream 99: Invalid argument" "$tmp/said"
printf 'no stream\n' | CONNECT -S >"$tmp/said" 2>&1
EQUAL "status of a line without stream" "$?" 1
SAYS "STREAM:TEXT" "$tmp/said"
head -c 100000 /dev/zero | CONNECT --block 100000 --sndbuf 64k >"$tmp/said" 2>&1
EQUAL "status of a message that is too large" "$?" 1
SAYS "send of 100000 bytes" "$tmp/said"
SAYS "--sndbuf" "$tmp/said"

STATUS 1 gensctp listen --capture "$tmp/no/such/file" 5000
SAYS "capture to $tmp/no/such/file" "$tmp/said"
