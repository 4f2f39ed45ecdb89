#!/bin/sh
# The table of docs/nat.md is what happens: every scenario of examples/nat,
# with every type of NAT. With --write it is written there.
. "${srcdir:-.}/tests/cli_lib.sh"

page=$srcdir/docs/nat.md
write=${1:-}
types="full-cone address-restricted port-restricted symmetric"
names="client-behind both-behind both-behind-forward hairpin two-clients
  rebind-port rebind-server rebind-address expired expired-server keep-alive
  dark"

RUN() { # NAME TYPE
  sed "s/port-restricted/$2/" "$srcdir/examples/nat/$1.txt" >"$tmp/$1.$2.txt"
  gensctp nat --scenario "$tmp/$1.$2.txt" >"$tmp/$1.$2.out" 2>&1 ||
    echo "$1, $2: $(cat "$tmp/$1.$2.out")" >>"$tmp/failed"
}

# What came true: "all arrives", or the events.
CELL() { # NAME TYPE
  sed -n 's/^line [0-9]*, expect: //p' "$tmp/$1.$2.out" | awk '
    /^all from / { next }
    { what = $1; $1 = $2 = ""; sub(/^ */, "")
      if (what == last) { text = text ", " $0 }
      else { text = text (text == "" ? "" : "; ") what " at " $0 }
      last = what }
    END { print text == "" ? "all arrives" : text }'
}

ROW() { # NAME
  title=$(sed -n 's/^title //p' "$srcdir/examples/nat/$1.txt")
  row="| [$title](../examples/nat/$1.txt) |"
  for type in $types; do
    row="$row $(CELL "$1" "$type") |"
  done
  echo "$row"
}

# A few at a time: most of them is waiting.
AT_ONCE=12

runs=
for name in $names; do
  for type in $types; do
    RUN "$name" "$type" &
    runs="$runs $!"
    # shellcheck disable=SC2086 # a list of processes
    set -- $runs
    [ $# -lt $AT_ONCE ] || { wait "$@" && runs=; }
  done
done
# shellcheck disable=SC2086
wait $runs
for name in $names; do
  ROW "$name" >>"$tmp/table"
done
[ ! -f "$tmp/failed" ] || FAIL "$(cat "$tmp/failed")"
EQUAL "scenarios in examples/nat" "$(wc -l <"$tmp/table" | tr -d ' ')" \
  "$(find "$srcdir/examples/nat" -name '*.txt' | wc -l | tr -d ' ')"

if [ "$write" = --write ]; then
  awk -v table="$tmp/table" '
    /^\| \[/ { if (!done) { while ((getline line < table) > 0) print line }
               done = 1; next }
    { print }' "$page" >"$tmp/page" && cp "$tmp/page" "$page"
fi
grep '^| \[' "$page" >"$tmp/wanted"
diff "$tmp/wanted" "$tmp/table" ||
  FAIL "what happens (>) differs from docs/nat.md (<)"
