#!/bin/sh
# Installs static libraries of gensctp and usrsctp and the command gensctp for
# somebody's own CI, on Linux, macOS and Windows.
#
#   ci/install.sh DIRECTORY [CONFIGURE-OPTION...]
#
# puts bin/gensctp, include/, lib/ and lib/pkgconfig/ below DIRECTORY; nothing
# is done when they are there, from a cache.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/ci/setup.sh"

prefix=$1
shift
[ ! -f "$prefix/lib/libgensctp.a" ] || exit 0
mkdir -p "$prefix"
prefix=$(cd "$prefix" && pwd)

install_packages build engine
"$top/ci/usrsctp.sh" "$prefix"
configured_in install --prefix="$prefix" --disable-shared \
  "PKG_CONFIG_PATH=$prefix/lib/pkgconfig" "$@"
make -j"$(jobs_at_once)" install
