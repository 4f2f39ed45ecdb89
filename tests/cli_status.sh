#!/bin/sh
# gensctp status shows what a program with GENSCTP_STATUS has; bad requests and
# bad answers hurt neither end.
. "${srcdir:-.}/tests/cli_lib.sh"
NEED python3

# STATUS_OF PORT [OPTION...]: what is shown is in $tmp/said.
STATUS_OF() {
  status_of=$1
  shift
  STATUS 0 gensctp status "$@" "$status_of"
}

# OBJECTS PROGRAM ARGUMENT...: of what is in $tmp/said; `only` gives those of
# a type.
OBJECTS() {
  {
    cat <<'END'
import json, sys
objects = [json.loads(line) for line in open(sys.argv[1])]
def only(kind):
    return [o for o in objects if o["type"] == kind]
def check(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r}, not {want!r}")
END
    echo "$1"
  } >"$tmp/check.py"
  shift
  CHECK "objects of $(cat "$tmp/said")" python3 "$tmp/check.py" "$tmp/said" "$@"
}

is_local() { # ADDRESS
  python3 -c '
import socket, sys
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind((sys.argv[1], 0))
' "$1" 2>/dev/null
}

# One path each, or two, where the IP layer and the host have them.
servers=127.0.0.1
clients=127.0.0.1
STATUS 0 gensctp info
if grep -q '^multihoming *yes' "$tmp/said" && is_local 127.0.0.5; then
  servers="127.0.0.2 127.0.0.3"
  clients="127.0.0.4 127.0.0.5"
fi

FREE_PORT
at=$free
# shellcheck disable=SC2086 # a list of words
GENSCTP_STATUS=$at BACKGROUND server gensctp listen --udp-port 0 --instreams 7 \
  $servers "$port" </dev/null
server=$started
WAIT_FOR 10 is_listening "$tmp/server.err"
udp=$(udp_port_in "$tmp/server.err")

STATUS_OF "$at" --json
OBJECTS '
check("kinds", [o["type"] for o in objects], ["process", "socket"])
check("layer", objects[0]["ip_layer"] in ("replaced", "conn"), True)
check("ending", objects[0]["closing"], 0)
s = objects[1]
check("socket", [s["kind"], s["listening"], s["active"], s["sctp_port"]],
      ["seqpacket", True, "false", int(sys.argv[2])])
check("udp port", s["udp_port"], int(sys.argv[3]))
check("addresses", s["addresses"], sys.argv[4].split())
' "$port" "$udp" "$servers"

# A client with two paths, which shows them itself, too.
mkfifo "$tmp/input"
exec 9<>"$tmp/input"
addr=$(echo "$servers" | tr ' ' /)
locals=$(for local in $clients; do echo "--local $local"; done)
# shellcheck disable=SC2086 # a list of words
CLIENT client --json --status 100ms $locals <"$tmp/input"
client=$started
echo "over the path" >&9
WAIT_FOR 10 grep -q "over the path" "$tmp/server.out"
confirmed() {
  gensctp status --json "$at" >"$tmp/said" 2>&1 || return
  [ "$(grep -c '"type":"path".*"state":"active"' "$tmp/said")" = \
    "$(echo "$clients" | wc -w)" ]
}
WAIT_FOR 10 confirmed
own_path() {
  grep '"type":"path".*}$' "$tmp/client.out" >"$tmp/own"
}
WAIT_FOR 10 own_path
OBJECTS '
sockets, (a,), paths = only("socket"), only("association"), only("path")
check("sockets", sorted(s["kind"] for s in sockets), ["seqpacket", "stream"])
check("order", objects.index(a), objects.index(paths[0]) - 1)
check("whose", a["socket"], objects[objects.index(a) - 1]["handle"])
check("state", a["state"], "established")
check("streams", [a["outbound_streams"], a["inbound_streams"]], [10, 7])
check("pending", a["pending"], 0)
check("window", a["window"] > 0, True)
check("paths", sorted(p["addr"].split(":")[0] for p in paths),
      sys.argv[2].split())
check("primary", [p["primary"] for p in paths].count(True), 1)
for p in paths:
    check("of which", p["assoc_id"], a["assoc_id"])
    check("mtu", p["mtu"] > 0 and p["rto_ms"] > 0 and p["cwnd"] > 0, True)
check("bytes", sum(p["bytes_in"] for p in paths) > 13, True)
own = json.loads(open(sys.argv[3]).readline())
check("fields as with --status", list(paths[0]), list(own))
' "$clients" "$tmp/own"

STATUS_OF "127.0.0.1:$at"
SAYS "process: version " "$tmp/said"
SAYS "listening yes" "$tmp/said"
SAYS "  association: assoc id 1, state established, " "$tmp/said"
SAYS "addr                      udp state       primary" "$tmp/said"
EQUAL "lines of paths" "$(grep -c "^    127\..* active " "$tmp/said")" \
  "$(echo "$clients" | wc -w)"

# Again and again: so often, or until it is interrupted.
STATUS_OF "$at" --interval 100ms --count 2 --json
OBJECTS 'check("times", len(only("process")), 2)'
BACKGROUND live gensctp status --interval 100ms "$at" </dev/null
live=$started
again() {
  [ "$(grep -c ^process: "$tmp/live.out")" -gt 2 ]
}
WAIT_FOR 10 again
kill "$live"
ENDED "$live" 0

# What is no request gets no answer, another version only ours; nor does a
# sender who is not on the loopback interface, though on this host.
cat >"$tmp/requests.py" <<'END'
import os, socket, struct, sys
to = ("127.0.0.1", int(sys.argv[1]))
def udp(local):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((local, 0))
    s.settimeout(10)
    return s
def request(version, query, slot=0, assoc=0, item=0):
    return b"gsvt" + struct.pack(">HIIII", version, query, slot, assoc, item)
def check(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r}, not {want!r}")
good = request(1, 1)
foreign = None
try:
    route = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    route.connect(("192.0.2.1", 9))
    foreign = udp(route.getsockname()[0])
    foreign.setblocking(False)
    foreign.sendto(good, to)
except OSError:
    print("# no address but the loopback's here")
s = udp("127.0.0.1")
for bad in [b"", b"g", good[:-1], b"x" + good[1:], bytes(9000)]:
    s.sendto(bad, to)
for i in range(2, len(good)):
    s.sendto(os.urandom(i), to)
s.sendto(request(2, 5), to)
check("another version", s.recv(9000)[:6], b"gsvt\x00\x01")
end = 2 ** 32 - 1
for query, at in enumerate([(end, 0, 0), (end - 1, 9, 9), (1, 0, end),
                            (1, end, end), (1, 0, 2 ** 31)]):
    s.sendto(request(1, query, *at), to)
    check("from anywhere", s.recv(9000)[:22], request(1, query, end))
s.sendto(good, to)
check("the answer", s.recv(9000)[:10], good[:10])
if foreign:
    try:
        sys.exit(f"not on loopback: {foreign.recv(9000)!r}")
    except BlockingIOError:
        pass
END
CHECK "requests" python3 "$tmp/requests.py" "$at"

# A port that is taken is no reason to fail, other values are.
STATUS 0 env GENSCTP_STATUS="$at" gensctp info
SAYS "UDP port $at of 127.0.0.1: Address already in use" "$tmp/said"
for value in 0 65536 x 99x -1 4294977196; do
  STATUS 1 env GENSCTP_STATUS="$value" gensctp listen --udp-port 0 "$port"
  SAYS "GENSCTP_STATUS is not a UDP port" "$tmp/said"
done
STATUS 0 env GENSCTP_STATUS= gensctp info

kill "$client"
ENDED "$client" 0
kill "$server"
ENDED "$server" 0
STATUS 5 gensctp status --timeout 100ms "$at"
SAYS "status of $at: Connection timed out" "$tmp/said"
SAYS "GENSCTP_STATUS" "$tmp/said"

# Answers of something else.
cat >"$tmp/answers.py" <<'END'
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
end = b"\xff" * 4 + bytes(8)
kinds = {
    "version": lambda r: b"gsvt\x00\x02",
    "stuck": lambda r: r[:22],
    "kind": lambda r: r[:10] + end + b"\x09",
    "text": lambda r: r[:10] + end + b"\x01" + b"\x1b[2J".ljust(40, b"\0"),
    "cut": lambda r: r[:10] + end + b"\x02\x00",
    "path": lambda r: r[:10] + end + b"\x05" + b"\xff" * 87,
}
while True:
    request, who = s.recvfrom(100)
    for noise in [b"", b"gsvt", request[:9], request[:6] + bytes(4) + end]:
        s.sendto(noise, who)
    s.sendto(kinds[sys.argv[1]](request), who)
END
for kind in version stuck kind text cut path; do
  BACKGROUND "$kind" python3 "$tmp/answers.py" "$kind"
  WAIT_FOR 10 [ -s "$tmp/$kind.out" ]
  wanted=1
  [ "$kind" != path ] || wanted=0
  STATUS "$wanted" gensctp status "$(cat "$tmp/$kind.out")"
  cp "$tmp/said" "$tmp/said.$kind"
done
SAYS "in version 2, here it is 1: Protocol not supported" "$tmp/said.version"
for kind in stuck kind text cut; do
  SAYS "Bad message" "$tmp/said.$kind"
done
EQUAL "a path of nothing" "$(cat "$tmp/said.path")" ""

# More than a datagram takes, while it comes into being.
FREE_PORT
at=$free
mkfifo "$tmp/many"
exec 7<>"$tmp/many"
GENSCTP_STATUS=$at BACKGROUND many tests/plain_many 150 <"$tmp/many"
is_shown() {
  gensctp status "$at" >"$tmp/said" 2>&1 &&
    grep -q ^ready "$tmp/many.out"
}
WAIT_FOR 20 is_shown
STATUS_OF "$at" --json
OBJECTS '
listeners = [s["handle"] for s in only("socket") if s["listening"]]
ids = [a["assoc_id"] for a in only("association")]
check("sockets", len({s["handle"] for s in only("socket")}), 151)
check("associations", [len(ids), len(set(ids))], [300, 300])
check("of the listener",
      sum(a["socket"] in listeners for a in only("association")), 150)
check("paths", [p["assoc_id"] for p in only("path")], ids)
'
