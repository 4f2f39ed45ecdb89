# For the scripts that build: packages, ./configure, a configured build
# directory. Sourced with $top set to the source tree.

# Everything that is built lies below this directory.
GENSCTP_BUILD=${GENSCTP_BUILD:-$top/build}

fail() {
  echo "$*" >&2
  exit 1
}

jobs_at_once() {
  nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# Tests wait more than they compute.
tests_at_once() {
  echo $((3 * $(jobs_at_once)))
}

packages_of() { # GROUP...
  for group; do
    sed -n "s/^$group  *//p" "$top/ci/packages.txt"
  done
}

missing_packages() { # GROUP...
  for package in $(packages_of "$@"); do
    case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
    installed) ;;
    *) printf '%s ' "$package" ;;
    esac
  done
}

# Installs what is missing, as root or through sudo. On systems without apt
# ./configure says what is missing.
install_packages() { # GROUP...
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || return 0
  missing=$(missing_packages "$@")
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif command -v sudo >/dev/null; then
    as_root=sudo
  else
    fail "These packages are missing; as root, run
    apt-get update && apt-get install $missing
and then this command again."
  fi
  echo "Installing $missing"
  $as_root apt-get update -q
  # shellcheck disable=SC2086 # lists of words
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qy --no-install-recommends $missing
}

# ./configure exists; once there, make keeps it up to date.
bootstrap() {
  [ -f "$top/configure" ] || "$top/autogen.sh"
}

# Leaves the caller in build directory NAME, configured with OPTION....
configured_in() { # NAME OPTION...
  bootstrap
  name=$1
  shift
  mkdir -p "$GENSCTP_BUILD/$name"
  cd "$GENSCTP_BUILD/$name" || return
  if [ ! -f Makefile ] || [ "$*" != "$(cat configured 2>/dev/null)" ]; then
    "$top/configure" "$@"
    echo "$*" >configured
  fi
}

# Compiles all programs, those of the tests too, for another system, with the
# usrsctp below DIRECTORY. They are not run.
cross_programs() { # NAME HOST DIRECTORY OPTION...
  cross_name=$1
  cross_host=$2
  cross_pkgconfig=$3/lib/pkgconfig
  shift 3
  configured_in "$cross_name" --host="$cross_host" --enable-werror \
    PKG_CONFIG=pkg-config "PKG_CONFIG_LIBDIR=$cross_pkgconfig" "$@" &&
    make -j"$(jobs_at_once)" programs
}
