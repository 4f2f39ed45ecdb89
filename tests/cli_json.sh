#!/bin/sh
# With --json standard output is one object a line, whatever the messages are.
. "${srcdir:-.}/tests/cli_lib.sh"
NEED python3

cat >"$tmp/check.py" <<'END'
import base64, json, sys

objects = [json.loads(line) for line in open(sys.argv[1], "rb")]
kinds = [o["type"] for o in objects]
messages = [o for o in objects if o["type"] == "message"]
data = [o["data"].encode() if "data" in o else base64.b64decode(o["base64"])
        for o in messages]
wanted = open(sys.argv[2], "rb").read().split(b"\n")[:-1]

def check(what, got, want):
    if got != want:
        sys.exit(f"{what}: {got!r}, not {want!r}")

check("data", data, wanted)
check("lengths", [o["length"] for o in messages], [len(w) for w in wanted])
check("as text", ["data" in o for o in messages],
      [True, True, True, False, False, True])
for m in messages:
    check("ppid", m["ppid"], 46)
    check("stream", m["stream"], 3)
    check("unordered", m["unordered"], False)
    check("eor", m["eor"], True)
check("first", kinds[0], "listening")
check("last", kinds[-1], "counters")
changes = [o for o in objects if o["type"] == "sctp_assoc_change"]
check("states", [o["state"] for o in changes], ["comm_up", "shutdown_comp"])
check("streams", changes[0]["inbound_streams"], 7)
check("udp_port", objects[0]["udp_port"] > 0, True)
END

# Control characters, quotes, UTF-8, bytes that are none, an overlong form.
printf 'plain\nq"\\uote\t\001\177\nsch\303\266n \360\237\221\215\n' >"$tmp/in"
printf '\377\376\n\300\200\n\357\277\275\n' >>"$tmp/in"

: >"$tmp/out"
START gensctp listen --json --stats --once --udp-port 0 "$addr" "$port" \
  >"$tmp/out" </dev/null
is_there() {
  udp=$(sed -n 's/.*"type":"listening".*"udp_port":\([0-9]*\).*/\1/p' "$tmp/out")
  [ -n "$udp" ]
}
WAIT_FOR 10 is_there
CHECK "connect" CONNECT -p 46 -s 3 --outstreams 7 --json <"$tmp/in" >"$tmp/c.out"
ENDED "$started" 0
CHECK "the listener's objects" python3 "$tmp/check.py" "$tmp/out" "$tmp/in"

# Paths, every so often.
cat >"$tmp/paths.py" <<'END'
import json, sys
paths = [json.loads(line) for line in open(sys.argv[1])]
paths = [o for o in paths if o["type"] == "path"]
path = paths[-1]
sys.exit(path["state"] != "active" or not path["primary"]
         or path["udp_port"] != int(sys.argv[2]) or path["bytes_out"] < 32
         or path["retransmissions"] != 0 or path["rto_ms"] != 300)
END
LISTEN paths --once
mkfifo "$tmp/input"
exec 9<>"$tmp/input"
CLIENT status --json --status 100ms --rto-min 300ms --rto-max 300ms <"$tmp/input"
client=$started
echo "over the path" >&9
WAIT_FOR 10 grep -q "over the path" "$tmp/paths.out"
seen=$(grep -c '"type":"path"' "$tmp/status.out")
shown_again() {
  [ "$(grep -c '"type":"path"' "$tmp/status.out")" -gt $((seen + 1)) ]
}
WAIT_FOR 10 shown_again
kill "$client"
ENDED "$client" 0
CHECK "paths" python3 "$tmp/paths.py" "$tmp/status.out" "$udp"

STATUS 0 gensctp info --json
CHECK "info" python3 -c '
import json, sys
info = json.load(open(sys.argv[1]))
sys.exit(info["type"] != "info" or "127.0.0.1" not in info["local_addresses"])
' "$tmp/said"
