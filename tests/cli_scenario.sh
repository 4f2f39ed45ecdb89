#!/bin/sh
# gensctp nat --scenario tells what happened and what was wrong with the file.
. "${srcdir:-.}/tests/cli_lib.sh"

ENDS="endpoint a 127.0.0.1 rto 50ms 200ms retries 3
endpoint b 127.0.0.1 rto 50ms 200ms retries 3"

# SCENARIO STATUS LINE...: runs it; what it says is in $tmp/said.
SCENARIO() {
  status=$1
  shift
  printf '%s\n' "$@" >"$tmp/file"
  STATUS "$status" gensctp nat --scenario "$tmp/file"
}

STATUS 1 gensctp nat --scenario "$tmp/none"
SAYS "read $tmp/none: No such file" "$tmp/said"
STATUS 1 gensctp nat --scenario "$tmp"
SCENARIO 2 "$ENDS" "conect a b"
SAYS "$tmp/file:3: conect: no such statement or action" "$tmp/said"
SCENARIO 2 "$ENDS" "link a loss=lots" "connect a b"
SAYS "$tmp/file:3: loss=lots: not a profile of a line" "$tmp/said"
SCENARIO 7 "endpoint a 203.0.113.7" "endpoint b 127.0.0.1" "connect a b"
SAYS "open endpoint a: " "$tmp/said"
SCENARIO 1 "$ENDS" "nat n symmetric 203.0.113.7 203.0.113.8" \
  "endpoint c 127.0.0.1 behind n" "connect c a" "expect comm_up c by 1s"
SAYS "connect a error Cannot assign requested address" "$tmp/said"

# A NAT of the file is as the file says.
gensctp nat --help | sed -n 's/^  [- ].[, ] --\([a-z0-9-]*\)\( [A-Z]\)*.*/\1\2/p' |
  grep -vE "^(json|capture|scenario|help)( |$)" >"$tmp/options"
CHECK "there are such options" [ -s "$tmp/options" ]
while read -r option value; do
  case $option in
  end | rebind | timeout) value=10ms ;;
  outside) value=127.0.0.1 ;;
  esac
  # shellcheck disable=SC2086 # or none
  STATUS 2 gensctp nat --scenario "$tmp/file" "--$option" $value
  SAYS "--$option: not with --scenario" "$tmp/said"
done <"$tmp/options"
STATUS 2 gensctp nat -H --scenario "$tmp/file" --json
SAYS "--hairpin: not with --scenario" "$tmp/said"

# Whatever the line does to it, all arrives; and all is what is counted.
SCENARIO 0 "title A bad line" "$ENDS" \
  "link a loss=5%,delay=1ms,duplicate=5%,reorder=5%,corrupt=2%" \
  "connect a b" "send a b 300 of 3000 streams 8" "send b a 20 of 16" \
  "expect all a b" "expect all b a"
SAYS "A bad line" "$tmp/said"
SAYS "a to b: 300 of 300 messages arrived" "$tmp/said"
SAYS "line 9, expect: all from b to a" "$tmp/said"

# What does not come true is a failure.
SCENARIO 1 "limit 3s" "$ENDS" "connect a b" "at 200ms dark a 20s" "at 250ms send a b 5" \
  "expect comm_lost a" "expect comm_lost b by 300ms" "expect all a b"
SAYS "line 7, expect: comm_lost at a" "$tmp/said"
SAYS "line 8, expect: NOT MET" "$tmp/said"
SAYS "line 9, expect: NOT MET" "$tmp/said"
SAYS "5 came back" "$tmp/said"

# It ends at its limit.
SCENARIO 1 "limit 300ms" "$ENDS" "connect a b" "expect comm_lost a"
SAYS "FAILED after 3" "$tmp/said"
SCENARIO 0 "$ENDS" "connect a b" "at 100ms send a b 3" "at 200ms close a b" \
  "expect shutdown_comp a" "expect shutdown_comp b"
SCENARIO 0 "$ENDS" "connect a b" "at 100ms abort a b" "expect comm_lost b"

# Through a NAT nobody comes in who was not sent to.
NAT="nat home port-restricted 127.0.0.1 127.0.0.1"
SCENARIO 0 "$NAT" "endpoint a 127.0.0.1 rto 50ms 100ms retries 2" \
  "endpoint b 127.0.0.1 behind home rto 50ms 100ms retries 2" \
  "connect a b" "expect cant_assoc a"
SAYS "out 0, in 0, filtered " "$tmp/said"

NEED python3
gensctp nat --json --scenario "$srcdir/examples/nat/rebind-port.txt" \
  >"$tmp/json" || FAIL "rebind-port.txt: $(cat "$tmp/json")"
cat >"$tmp/check.py" <<'END'
import json, sys

objects = [json.loads(line) for line in open(sys.argv[1])]
by = lambda kind: [o for o in objects if o["type"] == kind]
actions = [(o["who"], o["what"], o.get("with")) for o in by("action")]
assert actions == [("client", "connect", "server"),
                   ("client", "send", "server"),
                   ("server", "send", "client"),
                   ("home", "rebind", None)], actions
assert by("action")[3]["at_ms"] >= 400
for flow in by("flow"):
    assert (flow["messages"], flow["arrived"], flow["wrong"]) == (300, 300, 0)
assert by("nat")[0]["mappings"] == 2, by("nat")
assert [o["met"] for o in by("expect")] == [True, True]
assert objects[-1]["type"] == "scenario" and objects[-1]["ok"] is True
END
CHECK "the objects" python3 "$tmp/check.py" "$tmp/json"
