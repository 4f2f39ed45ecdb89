#!/bin/sh
# Two NATs on one host, without root: a path through each. 10 MB on 8 streams
# arrive while one lets nothing through for 5 s, then the other.
#
#   client 127.0.11.1, 127.0.12.1 - NAT n: 127.0.n.1 | 127.0.1n.1 - server
#
# The server has the NATs' inside addresses, and the client their outside ones:
# so the address lists of the handshake hold on both sides; ports do not.
. "${srcdir:-.}/tests/failover_lib.sh"

NEED python3 cmp
STATUS 0 gensctp info
grep -q '^multihoming *yes' "$tmp/said" || SKIP "one path per association"

HERE() { # NETWORK
  echo "127.0.1$1.1"
}
THERE() {
  echo "127.0.$1.1"
}

# shellcheck disable=SC2086 # options
BACKGROUND there gensctp listen --udp-port 0 $fast --once --streams-in-lines \
  "$(THERE 1)" "$(THERE 2)" "$port" </dev/null
server=$started
WAIT_FOR 10 [ -s "$tmp/there.err" ]
! grep -q "cannot assign" "$tmp/there.err" ||
  SKIP "127.0.1.1 is not local here"
WAIT_FOR 10 is_listening "$tmp/there.err"
udp=$(udp_port_in "$tmp/there.err")

FREE_PORT
face=$free # of the NATs' inside

is_serving() { # NETWORK
  grep -q "at $(THERE "$1"):$face$" "$tmp/nat$1.err"
}
NAT() { # NETWORK
  BACKGROUND "nat$1" gensctp nat --inside "$(THERE "$1")" \
    --outside "$(HERE "$1")" "$(THERE "$1"):$udp=$face" <"$tmp/commands$1"
  WAIT_FOR 10 is_serving "$1"
}
mkfifo "$tmp/commands1" "$tmp/commands2"
exec 6<>"$tmp/commands1" 7<>"$tmp/commands2"
NAT 1
nat1=$started
NAT 2
nat2=$started

TELL() { # NETWORK LINE
  if [ "$1" = 1 ]; then echo "$2" >&6; else echo "$2" >&7; fi
}
NETWORK() { # NUMBER up|down
  case $2 in
  down) TELL "$1" "impair loss=100%" ;;
  up) TELL "$1" "impair loss=0%" ;;
  esac
}

# Slowly while it is dark, then the rest.
cat >"$tmp/lines.py" <<'END'
import os, sys, time

for number in range(10000):
    sys.stdout.write("%d:%05d %s\n" % (number % 8, number, "x" * 991))
    if number % 8 == 7 and not os.path.exists(sys.argv[1]):
        sys.stdout.flush()
        time.sleep(0.015)
END
mkfifo "$tmp/input"
exec 5<>"$tmp/input"
START python3 "$tmp/lines.py" "$tmp/light" >&5
# shellcheck disable=SC2086 # options
BACKGROUND here gensctp connect --streams-in-lines --wait 20s \
  --local "$(HERE 1)" --local "$(HERE 2)" --udp-remote-port "$face" $fast \
  "$(THERE 1)" "$port" <&5
client=$started

FAILOVER
: >"$tmp/light"
complete() {
  [ "$(arrived)" -eq 10000000 ]
}
WAIT_FOR 20 complete
kill "$client"
ENDED "$client" 0
ENDED "$server" 0
for network in 1 2; do
  TELL "$network" quit
done
ENDED "$nat1" 0
ENDED "$nat2" 0

: >"$tmp/light"
python3 "$tmp/lines.py" "$tmp/light" >"$tmp/all"
for stream in 0 1 2 3 4 5 6 7; do
  grep "^$stream:" "$tmp/all" >"$tmp/wanted"
  grep "^$stream:" "$tmp/there.out" >"$tmp/got"
  CHECK "stream $stream, in order" cmp "$tmp/wanted" "$tmp/got"
done
for network in 1 2; do
  grep -q "line_out:.*lost [1-9]" "$tmp/nat$network.err" ||
    FAIL "network $network lost nothing: $(cat "$tmp/nat$network.err")"
done
