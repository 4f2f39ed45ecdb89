# WARN_CFLAGS: the warnings the code is clean under; --enable-werror makes
# them errors.
AC_DEFUN([GENSCTP_WARNINGS], [
AC_ARG_ENABLE([werror],
  [AS_HELP_STRING([--enable-werror], [treat compiler warnings as errors])],
  [], [enable_werror=no])
WARN_CFLAGS="-Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes"
AS_IF([test "$enable_werror" = yes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
AC_SUBST([WARN_CFLAGS])
])
