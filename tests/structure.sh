#!/bin/sh
# Rules that keep the layers apart, as far as grep and nm can tell.
. "${srcdir:-.}/tests/lib.sh"

sources() { # DIRECTORY...
  for directory; do
    find "$srcdir/$directory" -name '*.[ch]' 2>/dev/null
  done | sort
}

# NONE WHAT FILES PATTERN: no line matches.
NONE() {
  # shellcheck disable=SC2086 # a list of files
  [ -z "$2" ] || ! grep -nE "$3" $2 || FAIL "$1"
}

outside_os=$(sources include src tools | grep -v "^$srcdir/src/os/")
outside_engine=$(sources include src tools examples |
  grep -v "^$srcdir/src/engine/")

NONE "which platform it is is asked only in src/os" "$outside_os" \
  '^ *# *(el)?if.*(_WIN32|__MINGW|__APPLE__|__linux__|__unix__|BSD)'
NONE "platform headers only in src/os" "$outside_os" \
  '^ *# *include *<(sys/|net/|netinet|arpa/|linux/|win|ws2|mswsock|iphlp|pthread|unistd|poll|fcntl|netdb|ifaddrs|dlfcn|signal|sched|threads\.h|io\.h)'
NONE "usrsctp.h only in src/engine" "$outside_engine" \
  '^ *# *include *["<]usrsctp'

# NO_INCLUDE LAYER UPPER...: a layer includes no header of those above.
NO_INCLUDE() {
  layer=$1
  shift
  for upper; do
    for header in $(sources "src/$upper" | grep '\.h$'); do
      NONE "src/$layer is below src/$upper" "$(sources "src/$layer")" \
        "^ *# *include *\"${header##*/}\""
    done
  done
}
NO_INCLUDE os impair pcapng view link mailbox engine api
NO_INCLUDE impair pcapng view link mailbox engine api
NO_INCLUDE pcapng impair view link mailbox engine api
NO_INCLUDE view impair pcapng link mailbox engine api
NO_INCLUDE link view mailbox engine api
NO_INCLUDE mailbox impair pcapng view link engine api
NO_INCLUDE engine view api

# What the tools and examples can use is what gensctp.h says; the tools also
# need the system, through src/os, bad lines, src/impair, packet files,
# src/pcapng, and src/view.
for header in $(sources src/link src/mailbox src/engine src/api |
  grep '\.h$'); do
  [ ! -f "$srcdir/tools/${header##*/}" ] || continue
  NONE "tools use gensctp.h and src/os only" "$(sources tools)" \
    "^ *# *include *\"${header##*/}\""
done
NONE "examples use gensctp.h only" "$(sources examples)" '^ *# *include *"'

for file in $(sources src); do
  grep -q "[^a-z_]${file#"$srcdir"/}" "$srcdir/src/Makefile.inc" ||
    FAIL "${file#"$srcdir"/} is in no list of src/Makefile.inc"
done

library=.libs/libgensctp.so
[ -f "$library" ] || exit 0
NEED nm

public=$(tr '\n' ' ' <"$srcdir/include/gensctp.h" | sed 's/;/;\n/g' |
  sed -n 's/.*GENSCTP_API [^(]*[ *]\(gen_sctp_[a-z0-9_]*\)(.*/\1/p')
replaced=$(sed -n 's/^SEAM(\(.*\))/\1/p' "$srcdir/src/engine/seam.def")
printf '%s\n%s\n' "$public" "$replaced" | sort >"$tmp/wanted"
nm -D --defined-only "$library" |
  awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort >"$tmp/exported"
diff "$tmp/wanted" "$tmp/exported" ||
  FAIL "exported (>) differs from gensctp.h and seam.def (<)"
