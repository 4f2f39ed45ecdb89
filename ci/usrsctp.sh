#!/bin/sh
# Builds a static usrsctp from Debian's source package, for what the binary
# package does not serve: Windows, and an engine that the fuzzers instrument.
#
#   ci/usrsctp.sh DIRECTORY [CMAKE-OPTION...]
#
# puts lib/libusrsctp.a, include/ and lib/pkgconfig/ below DIRECTORY; nothing
# is done when they are there. apt checks the package's signature.
# DEBIAN_MIRROR is where it comes from.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/setup.sh"

version=0.9.5.0
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

download() {
  mkdir -p "$source_dir/apt/lists/partial" \
    "$source_dir/apt/cache/archives/partial"
  echo "deb-src ${DEBIAN_MIRROR:-http://deb.debian.org/debian} bookworm main" \
    >"$source_dir/apt/sources.list"
  cd "$source_dir"
  private_apt apt-get update
  private_apt apt-get source --download-only "libusrsctp=$version-2"
}

[ -n "$(ls "$source_dir"/libusrsctp_$version.orig.tar.* 2>/dev/null)" ] ||
  download
work=$prefix/build
rm -rf "$work"
mkdir -p "$work/source"
tar -xf "$source_dir"/libusrsctp_$version.orig.tar.* -C "$work/source" \
  --strip-components=1
cmake -S "$work/source" -B "$work/cmake" -G Ninja \
  -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX="$prefix" \
  -DCMAKE_INSTALL_LIBDIR=lib -Dsctp_build_programs=OFF -Dsctp_werror=OFF \
  -Dsctp_build_shared_lib=OFF "$@"
cmake --build "$work/cmake" --parallel "$(jobs_at_once)"
cmake --install "$work/cmake"
rm -rf "$work"
