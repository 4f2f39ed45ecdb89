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

have() { # COMMAND...
  for command; do
    command -v "$command" >/dev/null || return 1
  done
}

# The package manager, as ci/packages.txt calls it; nothing where there is none
# of those.
package_manager() {
  if have dpkg-query apt-get; then
    echo apt
  elif [ -n "${MINGW_PACKAGE_PREFIX-}" ] && have pacman; then
    echo msys2
  elif have brew; then
    echo brew
  fi
}

packages_of() { # MANAGER GROUP...
  manager=$1
  shift
  for group; do
    sed -n "s/^$manager  *$group  *//p" "$top/ci/packages.txt"
  done | sed "s/\$MINGW_PACKAGE_PREFIX/${MINGW_PACKAGE_PREFIX-}/g"
}

installed_packages() { # MANAGER
  case $1 in
  apt)
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' |
      sed -n 's/^installed //p'
    ;;
  msys2) pacman -Qq ;;
  brew) brew list -1 --formula ;;
  esac
}

missing_packages() { # MANAGER GROUP...
  installed=$(installed_packages "$1")
  for package in $(packages_of "$@"); do
    printf '%s\n' "$installed" | grep -qxF "$package" ||
      printf '%s ' "$package"
  done
}

# As root, or through sudo.
apt_install() { # PACKAGE...
  if [ "$(id -u)" = 0 ]; then
    as_root=
  elif have sudo; then
    as_root=sudo
  else
    fail "These packages are missing; as root, run
    apt-get update && apt-get install $*
and then this command again."
  fi
  $as_root apt-get update -q
  $as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qy --no-install-recommends "$@"
}

# Installs what is missing. On systems without any of the package managers
# ./configure says what is missing.
install_packages() { # GROUP...
  with=$(package_manager)
  missing=$(missing_packages "$with" "$@")
  [ -n "$missing" ] || return 0
  echo "Installing $missing"
  # shellcheck disable=SC2086 # a list of words
  case $with in
  apt) apt_install $missing ;;
  msys2) pacman -S --noconfirm --needed $missing ;;
  brew) HOMEBREW_NO_AUTO_UPDATE=1 brew install $missing ;;
  esac
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
