# Finds usrsctp: USRSCTP_CFLAGS, USRSCTP_LIBS, USRSCTP_VERSION, HAVE_USRSCTP.
# Both can be given to configure, also to link its static archive:
#   ./configure --disable-shared USRSCTP_LIBS=-l:libusrsctp.a
#
# The engine's internals that src/engine relies on are those of one version.
AC_DEFUN([GENSCTP_USRSCTP], [
m4_define([gensctp_usrsctp_wanted], [0.9.5.0])
PKG_CHECK_MODULES([USRSCTP], [usrsctp], [],
  [AC_MSG_ERROR([usrsctp is missing: $USRSCTP_PKG_ERRORS
    On Debian and Ubuntu: apt-get install libusrsctp-dev])])

AC_MSG_CHECKING([for the version of usrsctp])
USRSCTP_VERSION=`$PKG_CONFIG --modversion usrsctp 2>/dev/null`
AS_IF([test -z "$USRSCTP_VERSION"], [USRSCTP_VERSION=unknown])
AC_MSG_RESULT([$USRSCTP_VERSION])
AS_IF([test "$USRSCTP_VERSION" != gensctp_usrsctp_wanted],
  [AC_MSG_WARN([gensctp is made for usrsctp gensctp_usrsctp_wanted, not $USRSCTP_VERSION])])

# usrsctp.h of mingw builds defines uint8_t and the like unless told not to.
AS_IF([test $gensctp_windows = yes],
  [AC_DEFINE([SCTP_STDINT_INCLUDE], [<stdint.h>],
             [What usrsctp.h takes its integer types from])])

# usrsctp.pc of its cmake build names a directory below the header's.
gensctp_usrsctp_dir=`$PKG_CONFIG --variable=includedir usrsctp 2>/dev/null`
gensctp_usrsctp_dir=`AS_DIRNAME(["$gensctp_usrsctp_dir"])`
AS_IF([test -f "$gensctp_usrsctp_dir/usrsctp.h"],
  [AS_VAR_APPEND([USRSCTP_CFLAGS], [" -I$gensctp_usrsctp_dir"])])

gensctp_saved_CFLAGS=$CFLAGS
gensctp_saved_LIBS=$LIBS
CFLAGS="$CFLAGS $OS_CFLAGS $SANITIZER_FLAGS $USRSCTP_CFLAGS"
LIBS="$USRSCTP_LIBS $OS_LIBS $LIBS"
AC_MSG_CHECKING([whether a program with usrsctp links])
AC_LINK_IFELSE(
  [AC_LANG_PROGRAM([[#include <usrsctp.h>]], [[usrsctp_finish();]])],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])
   AC_MSG_ERROR([usrsctp does not link; see config.log])])
CFLAGS=$gensctp_saved_CFLAGS
LIBS=$gensctp_saved_LIBS

AC_DEFINE([HAVE_USRSCTP], [1], [usrsctp is there])
AC_DEFINE_UNQUOTED([USRSCTP_VERSION], ["$USRSCTP_VERSION"],
                   [Version of usrsctp, as its package says])
AC_SUBST([USRSCTP_VERSION])
])
