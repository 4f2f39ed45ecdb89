#!/bin/sh
# Builds a static usrsctp from Debian's source package, for what binary packages
# do not serve: the replaced IP layer on Windows and macOS, cross compiles, and
# an engine that the fuzzers instrument.
#
#   ci/usrsctp.sh DIRECTORY [CMAKE-OPTION...]
#
# puts lib/libusrsctp.a, include/ and lib/pkgconfig/ below DIRECTORY; nothing
# is done when they are there. DEBIAN_MIRROR is where the source comes from,
# through apt or else curl; it is upstream's own archive of that version, byte
# for byte.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/setup.sh"

version=0.9.5.0
sha256=260107caf318650a57a8caa593550e39bca6943e93f970c80d6c17e59d62cd92
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
prefix=$1
shift
[ ! -f "$prefix/lib/libusrsctp.a" ] || exit 0
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)
source_dir=$GENSCTP_BUILD/usrsctp-source

# apt with lists and a source of its own: needs no root, leaves no trace.
private_apt() {
  apt=$source_dir/apt
  "$@" -q \
    -o Dir::Etc::sourcelist="$apt/sources.list" \
    -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::State::Lists="$apt/lists" \
    -o Dir::Cache="$apt/cache" \
    -o APT::Sandbox::User="$(id -un)"
}

download_with_apt() {
  mkdir -p apt/lists/partial apt/cache/archives/partial
  echo "deb-src $mirror bookworm main" >apt/sources.list
  private_apt apt-get update &&
    private_apt apt-get source --download-only "libusrsctp=$version-2"
}

# The source archive is in the current directory. On Ubuntu apt does not trust
# Debian's keys.
download() {
  if [ "$(package_manager)" != apt ] || ! download_with_apt; then
    curl -fsSLO --retry 3 "$mirror/pool/main/libu/libusrsctp/$archive"
  fi
}

sha256_of() { # FILE
  if have sha256sum; then
    sha256sum "$1"
  else
    shasum -a 256 "$1"
  fi | cut -d ' ' -f 1
}

archive=libusrsctp_$version.orig.tar.gz
mkdir -p "$source_dir"
cd "$source_dir"
[ -f "$archive" ] || download
[ "$(sha256_of "$archive")" = "$sha256" ] ||
  fail "$source_dir/$archive is not the archive that it should be"

install_packages engine
work=$prefix/build
rm -rf "$work"
mkdir -p "$work/source"
tar -xf "$archive" -C "$work/source" --strip-components=1
cmake -S "$work/source" -B "$work/cmake" -G Ninja \
  -DCMAKE_POLICY_VERSION_MINIMUM=3.5 \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
  -DCMAKE_INSTALL_LIBDIR=lib -Dsctp_build_programs=OFF -Dsctp_werror=OFF \
  -Dsctp_build_shared_lib=OFF "$@"
cmake --build "$work/cmake" --parallel "$(jobs_at_once)"
cmake --install "$work/cmake"
rm -rf "$work"
