#include "leaf.h"

#include "os.h"

static os_mutex leaf = OS_MUTEX_INIT;

void
leaf_lock(void)
{
	os_mutex_lock(&leaf);
}

void
leaf_unlock(void)
{
	os_mutex_unlock(&leaf);
}
