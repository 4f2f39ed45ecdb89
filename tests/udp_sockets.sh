#!/bin/sh
# One UDP socket per local address, as on systems where one on any address
# cannot choose the source: the same addresses are seen by peers, and data comes
# through.
. "${srcdir:-.}/tests/cli_lib.sh"

GENSCTP_UDP_SOCKETS=all
export GENSCTP_UDP_SOCKETS
STATUS 1 gensctp listen --udp-port 0 127.0.0.1 "$port"
SAYS "GENSCTP_UDP_SOCKETS is not auto or per-address" "$tmp/said"

GENSCTP_UDP_SOCKETS=auto
STATUS 0 gensctp info
SAYS "udp sockets       any" "$tmp/said"
GENSCTP_UDP_SOCKETS=per-address
STATUS 0 gensctp info
SAYS "udp sockets       per-address" "$tmp/said"

# A listener on any address; with two paths where there are several.
BACKGROUND echo gensctp listen --echo --once --udp-port 0 "$port"
WAIT_FOR 10 is_listening "$tmp/echo.err"
udp=$(udp_port_in "$tmp/echo.err")
head -c 300000 /dev/urandom >"$tmp/file"
CHECK "echo" CONNECT --block 10000 --count 30 <"$tmp/file" >"$tmp/back"
CHECK "echo is the same" cmp "$tmp/file" "$tmp/back"
ENDED "$started" 0

sh "$srcdir/tests/cli_multihoming.sh"
