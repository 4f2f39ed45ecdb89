# What the host decides: which bodies of src/os, which system libraries.
#
# Conditionals HOST_WINDOWS, HOST_ELF; variables OS_CFLAGS, OS_LIBS.
AC_DEFUN([GENSCTP_HOST], [
OS_CFLAGS=-pthread
OS_LIBS=
gensctp_windows=no
gensctp_elf=yes
AS_CASE([$host_os],
  [mingw*|msys*], [
    gensctp_windows=yes
    gensctp_elf=no
    OS_CFLAGS=
    OS_LIBS="-lws2_32 -liphlpapi"
    # or libtool makes no DLL of a static usrsctp
    lt_cv_deplibs_check_method=pass_all],
  [darwin*], [gensctp_elf=no])
AM_CONDITIONAL([HOST_WINDOWS], [test $gensctp_windows = yes])
AM_CONDITIONAL([HOST_ELF], [test $gensctp_elf = yes])
AS_IF([test $gensctp_elf = yes],
  [AC_SEARCH_LIBS([dlsym], [dl])])
AC_SUBST([OS_CFLAGS])
AC_SUBST([OS_LIBS])
])
