# --with-ip-layer: whether the engine's IP layer is replaced, and by which
# method. Everything about it comes from the table src/engine/seam.def.
#
#   override  the engine is an ELF shared library: a definition of ours comes
#             first in the dynamic linker's order. Proved by running.
#   wrap      the engine is a static archive: ld --wrap. Proved by running,
#             when cross compiling by linking.
#
# Defines GENSCTP_WITH_REPLACED, GENSCTP_WITH_IP_LAYER (what is chosen at run
# time unless the environment says otherwise), and per object
# GENSCTP_SEAM_OVERRIDE or GENSCTP_SEAM_WRAP.
# Variables: SEAM_LDFLAGS for our own programs and libraries, SEAM_STATIC_LDFLAGS
# for users of the static library, SEAM_EXPORTS for the export map.
AC_DEFUN([GENSCTP_IP_LAYER], [
AC_ARG_WITH([ip-layer],
  [AS_HELP_STRING([--with-ip-layer=auto|replaced|conn],
    [replaced: sends and receives in place of usrsctp's IP layer, several paths
     per association; conn: through its AF_CONN interface, one path; auto:
     replaced where it works @<:@auto@:>@])],
  [], [with_ip_layer=auto])
AS_CASE([$with_ip_layer], [auto|replaced|conn], [],
  [AC_MSG_ERROR([--with-ip-layer=$with_ip_layer: not auto, replaced or conn])])

GENSCTP_SEAM_TABLE
GENSCTP_SEAM_METHOD
AS_IF([test $with_ip_layer,$gensctp_seam = replaced,none],
  [AC_MSG_ERROR([--with-ip-layer=replaced: functions of this usrsctp cannot be replaced])])
AS_IF([test $gensctp_seam,$enable_shared,$gensctp_elf = wrap,yes,yes],
  [AC_MSG_ERROR([usrsctp is a static archive: add --disable-shared])])
GENSCTP_SEAM_FLAGS

AC_DEFINE_UNQUOTED([GENSCTP_WITH_IP_LAYER], ["$with_ip_layer"],
                   [The IP layer asked for: auto, replaced or conn])
AS_IF([test $gensctp_seam != none],
  [AC_DEFINE([GENSCTP_WITH_REPLACED], [1], [The replaced IP layer is built])])
])

# The table's names, each followed by a blank.
AC_DEFUN([GENSCTP_SEAM_TABLE], [
gensctp_seam_def=$srcdir/src/engine/seam.def
gensctp_seam_override=`$SED -n 's/^SEAM(\(.*\))/\1/p' $gensctp_seam_def | tr '\n' ' '`
gensctp_seam_wrap=`$SED -n 's/^SEAM\(_WRAP\)*(\(.*\))/\2/p' $gensctp_seam_def | tr '\n' ' '`
gensctp_wrap_flags=
for gensctp_name in $gensctp_seam_wrap; do
  AS_VAR_APPEND([gensctp_wrap_flags], [" -Wl,--wrap=$gensctp_name"])
done
])

# gensctp_seam: the first method that works.
AC_DEFUN([GENSCTP_SEAM_METHOD], [
gensctp_seam=none
AS_IF([test $gensctp_elf = yes],
  [AC_MSG_CHECKING([whether usrsctp calls functions that we override])
   GENSCTP_SEAM_TRY([override], [$gensctp_seam_override], [], [])
   AC_MSG_RESULT([$gensctp_seam_works])])
AS_IF([test $gensctp_seam = none],
  [AC_MSG_CHECKING([whether usrsctp calls functions that we wrap])
   GENSCTP_SEAM_TRY([wrap], [$gensctp_seam_wrap], [__wrap_],
                    [$gensctp_wrap_flags])
   AC_MSG_RESULT([$gensctp_seam_works])])
])

# GENSCTP_SEAM_TRY(METHOD, NAMES, PREFIX, LDFLAGS): runs a program with
# definitions of ours, which do nothing but say that they were called.
AC_DEFUN([GENSCTP_SEAM_TRY], [
gensctp_saved_CFLAGS=$CFLAGS
gensctp_saved_LDFLAGS=$LDFLAGS
gensctp_saved_LIBS=$LIBS
CFLAGS="$CFLAGS -w $OS_CFLAGS $SANITIZER_FLAGS $USRSCTP_CFLAGS"
LDFLAGS="$LDFLAGS $4"
LIBS="$USRSCTP_LIBS $OS_LIBS $LIBS"
gensctp_seam_ours=
gensctp_seam_proof=1
for gensctp_name in $2; do
  AS_VAR_APPEND([gensctp_seam_ours],
    ["static int called_$gensctp_name;
int $3$gensctp_name(void) { called_$gensctp_name = 1; return 0; }
"])
  AS_CASE([$gensctp_name], GENSCTP_SEAM_UNPROVED, [],
    [AS_VAR_APPEND([gensctp_seam_proof], [" && called_$gensctp_name"])])
done
gensctp_seam_works=no
AC_RUN_IFELSE([GENSCTP_SEAM_PROGRAM],
  [gensctp_seam_works=yes],
  [gensctp_seam_works=no],
  [AC_LINK_IFELSE([GENSCTP_SEAM_PROGRAM],
    [gensctp_seam_works="yes (linked, not run)"])])
AS_IF([test "$gensctp_seam_works" != no], [gensctp_seam=$1])
CFLAGS=$gensctp_saved_CFLAGS
LDFLAGS=$gensctp_saved_LDFLAGS
LIBS=$gensctp_saved_LIBS
])

# What the program below does not cause to be called: the IPv6 output, which
# needs an IPv6 address, and what needs an association.
m4_define([GENSCTP_SEAM_UNPROVED],
  [sctp_userspace_ip6_output|sctp_asconf_timer|so*])

# An INIT leaves, its timers start and stop, time passes, a packet arrives.
AC_DEFUN([GENSCTP_SEAM_PROGRAM], [AC_LANG_SOURCE([[
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <usrsctp.h>

$gensctp_seam_ours
int main(void)
{
	char packet[16] = { 0, 1, 0, 2, [15] = 4 };
	struct sockaddr_in to;
	struct socket *s;

	usrsctp_init_nothreads(0, NULL, NULL);
	usrsctp_sysctl_set_sctp_no_csum_on_loopback(0);
	usrsctp_handle_timers(10);
	usrsctp_conninput(NULL, packet, sizeof(packet), 0);

	s = usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NULL, NULL, 0, NULL);
	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_port = htons(1);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	usrsctp_set_non_blocking(s, 1);
	usrsctp_connect(s, (struct sockaddr *)&to, sizeof(to));
	usrsctp_close(s);

	_Exit(!($gensctp_seam_proof));
}
]])])

# Flags of the chosen method. The static library is for static programs, so
# it wraps wherever the linker can, even if the shared library overrides.
AC_DEFUN([GENSCTP_SEAM_FLAGS], [
SEAM_LDFLAGS=
SEAM_STATIC_LDFLAGS=
SEAM_EXPORTS=
AS_CASE([$gensctp_seam,$enable_shared],
  [override,*], [
    SEAM_EXPORTS=`echo "$gensctp_seam_override" | $SED 's/ /; /g'`
    AC_DEFINE([GENSCTP_SHARED_OVERRIDE], [1],
              [The shared library overrides functions of the engine])
    AS_IF([test $enable_shared = no],
      [AC_DEFINE([GENSCTP_STATIC_OVERRIDE], [1],
                 [So does the static library])],
      [SEAM_STATIC_LDFLAGS=$gensctp_wrap_flags])],
  [wrap,*], [
    SEAM_LDFLAGS=$gensctp_wrap_flags
    SEAM_STATIC_LDFLAGS=$gensctp_wrap_flags])
AC_SUBST([SEAM_LDFLAGS])
AC_SUBST([SEAM_STATIC_LDFLAGS])
AC_SUBST([SEAM_EXPORTS])
AH_BOTTOM([
/* How this object replaces functions of the engine. libtool defines PIC for
 * objects of the shared library. */
#ifdef GENSCTP_WITH_REPLACED
#if defined PIC && defined GENSCTP_SHARED_OVERRIDE
#define GENSCTP_SEAM_OVERRIDE 1
#elif defined GENSCTP_STATIC_OVERRIDE
#define GENSCTP_SEAM_OVERRIDE 1
#else
#define GENSCTP_SEAM_WRAP 1
#endif
#endif])
])
