# For tests of two paths of which each goes dark, with two gensctp processes in
# the background: `there`, which listens, and `here`, which sends. The test has
# NETWORK NUMBER up|down and, as the other side sees them, HERE NUMBER and
# THERE NUMBER, addresses.
. "${srcdir:-.}/tests/cli_lib.sh"

# shellcheck disable=SC2034 # for who sources it
fast="--rto-min 50ms --rto-max 250ms --path-max-rxt 3 --heartbeat 300ms"

# The state that a side was told last of an address. FILE ADDRESS STATE
last_is() {
  grep "sctp_paddr_change.*addr $2:" "$1" | tail -n 1 | grep -q "$3"
}
both_last() { # NETWORK STATE
  last_is "$tmp/here.err" "$(THERE "$1")" "$2" &&
    last_is "$tmp/there.err" "$(HERE "$1")" "$2"
}
arrived() {
  wc -c <"$tmp/there.out"
}
arrived_more() {
  [ "$(arrived)" -gt $((before + 10000)) ]
}

# Each network is gone for 5 s, in which data goes on and both sides are told;
# and are told again when it is back.
FAILOVER() {
  WAIT_FOR 10 both_last 2 addr_confirmed
  for network in 1 2; do
    NETWORK "$network" down
    went=$(date +%s%N)
    before=$(arrived)
    WAIT_FOR 10 arrived_more
    echo "network $network down: data after $((($(date +%s%N) - went) / 1000000)) ms"
    WAIT_FOR 10 both_last "$network" addr_unreachable
    sleep 5
    NETWORK "$network" up
    WAIT_FOR 10 both_last "$network" addr_available
  done
}
