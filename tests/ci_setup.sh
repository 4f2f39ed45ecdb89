#!/bin/sh
# What ci/setup.sh installs with each package manager. These are stand-ins that
# say what they were asked to do: nothing is installed.
# shellcheck disable=SC2016 # what another shell expands
. "${srcdir:-.}/tests/lib.sh"
[ -f "$srcdir/ci/setup.sh" ] || SKIP "ci/setup.sh is not here"

mkdir "$tmp/bin"
for program in cut grep sed; do
  ln -s "$(command -v "$program")" "$tmp/bin"
done

stand_in() { # PROGRAM WHAT-IT-PRINTS
  printf '#!/bin/sh\n%s\n' "$2" >"$tmp/bin/$1"
  chmod +x "$tmp/bin/$1"
}

shell=$(command -v sh)
# INSTALL GROUP...: what is installed.
INSTALL() {
  MINGW_PACKAGE_PREFIX=${prefix-} PATH=$tmp/bin "$shell" -eu -c '
    top=$1
    shift
    . "$top/ci/setup.sh"
    install_packages "$@"' sh "$srcdir" "$@" | sed 's/  */ /g'
}

EQUAL "without a package manager" "$(INSTALL build test)" ""

stand_in brew 'case $1 in
list) echo autoconf; echo automake; echo pkgconf; echo checkers ;;
*) echo "brew $*" ;;
esac'
EQUAL "with Homebrew" "$(INSTALL build test)" "Installing libtool libusrsctp check 
brew install libtool libusrsctp check"
EQUAL "with Homebrew, nothing" "$(INSTALL none)" ""

stand_in pacman 'case $1 in
-Qq) echo ucrt-autotools; echo gcc ;;
*) echo "pacman $*" ;;
esac'
prefix=ucrt
EQUAL "with MSYS2" "$(INSTALL build test)" \
  "Installing ucrt-gcc ucrt-usrsctp ucrt-check 
pacman -S --noconfirm --needed ucrt-gcc ucrt-usrsctp ucrt-check"

stand_in dpkg-query 'for package in gcc make cmake; do
  echo "installed $package"
done
echo "not-installed ninja-build"'
stand_in apt-get 'echo "apt-get $*"'
stand_in id 'echo 0'
ln -s "$(command -v env)" "$tmp/bin"
EQUAL "with apt" "$(INSTALL engine)" "Installing ninja-build 
apt-get update -q
apt-get install -qy --no-install-recommends ninja-build"

# Somebody who cannot become root is told.
stand_in id 'echo 1000'
case $(INSTALL engine 2>&1) in
*"apt-get install ninja-build"*) ;;
*) FAIL "who is not root is not told what to install" ;;
esac
