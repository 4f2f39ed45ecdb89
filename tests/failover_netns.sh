#!/bin/sh
# Two hosts, network namespaces, with two networks between them. 10 MB arrive
# while the first network is gone for 5 s, then the second. One side is bound to
# any address, the other one to both of its own; neither lets a packet to one
# network leave from its address in the other, where it would not come back.
. "${srcdir:-.}/tests/failover_lib.sh"

NEED ip cmp
[ "$(id -u)" -eq 0 ] || SKIP "network namespaces need root"
STATUS 0 gensctp info
grep -q '^multihoming *yes' "$tmp/said" || SKIP "one path per association"

here=gensctp-a-$$
there=gensctp-b-$$
switch=gensctp-s-$$
for name in "$here" "$there" "$switch"; do
  ip netns add "$name" 2>/dev/null || SKIP "no network namespaces here"
  namespaces="$namespaces $name"
  ip -n "$name" link set lo up
done

# CABLE HOST NETWORK ADDRESS PORT: from a host to a port of the switch.
CABLE() {
  ip -n "$switch" link add "$4" type veth peer name "net$2" netns "$1"
  ip -n "$1" addr add "$3/24" dev "net$2"
  ip -n "$1" link set "net$2" up
  ip -n "$switch" link set "$4" master "br$2" up
}
for network in 1 2; do
  ip -n "$switch" link add "br$network" type bridge 2>/dev/null ||
    SKIP "no bridges here"
  ip -n "$switch" link set "br$network" up
  CABLE "$here" "$network" "10.9.$network.1" "a$network"
  CABLE "$there" "$network" "10.9.$network.2" "b$network"
done

# NETWORK NUMBER up|down: it carries nothing, and nobody is told.
NETWORK() {
  ip -n "$switch" link set "br$1" "$2"
}

HERE() { # NETWORK
  echo "10.9.$1.1"
}
THERE() {
  echo "10.9.$1.2"
}

# IN NAMESPACE COMMAND...: in place of the shell, so in the background.
IN() {
  namespace=$1
  shift
  exec ip netns exec "$namespace" "$@"
}

# shellcheck disable=SC2086 # options
BACKGROUND there IN "$there" gensctp listen --once --binary --udp-port 9899 \
  --capture "$tmp/there.pcapng" $fast "$port" </dev/null
listener=$started
WAIT_FOR 10 is_listening "$tmp/there.err"

head -c 10000000 /dev/urandom >"$tmp/in"
# shellcheck disable=SC2086
BACKGROUND here IN "$here" gensctp connect --block 1000 --wait 20s \
  --impair rate=5M,queue=64k --status 100ms --capture "$tmp/here.pcapng" \
  --local 10.9.1.1 --local 10.9.2.1 $fast 10.9.1.2 "$port" <"$tmp/in"
client=$started

FAILOVER
complete() {
  [ "$(arrived)" -eq 10000000 ]
}
WAIT_FOR 20 complete
kill "$client"
ENDED "$client" 0
ENDED "$listener" 0
CHECK "all of it, in order" cmp "$tmp/in" "$tmp/there.out"

NEED tshark
for side in here there; do
  tshark -r "$tmp/$side.pcapng" -T fields -e frame.packet_flags_direction \
    -e ip.src -e ip.dst >"$tmp/packets" 2>"$tmp/tshark.err" ||
    FAIL "tshark: $(cat "$tmp/tshark.err")"
  EQUAL "ways out of $side" \
    "$(awk '$1 ~ /2$/ { print substr($2, 1, 6) substr($3, 1, 6) }' \
      "$tmp/packets" | sort | uniq)" "10.9.110.9.1
10.9.210.9.2"
done
