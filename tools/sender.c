#include "sender.h"

#include <errno.h>
#include <string.h>

#include "input.h"

/* Target and result are shared, under the mutex. Static: the thread may outlive
 * main's frame, in a read that never returns. */
static struct {
	const struct options *options;
	os_event ended;
	os_mutex mutex;
	os_cond directed;
	gen_sctp_socket_t socket; /* 0: none */
	gen_sctp_assoc_id_t assoc;
	struct sender_result result;
} sender = { .mutex = OS_MUTEX_INIT, .directed = OS_COND_INIT };

static gen_sctp_socket_t
wait_for_target(gen_sctp_assoc_id_t *assoc)
{
	gen_sctp_socket_t s;

	os_mutex_lock(&sender.mutex);
	while (sender.socket == 0)
		os_cond_wait(&sender.directed, &sender.mutex);
	s = sender.socket;
	*assoc = sender.assoc;
	os_mutex_unlock(&sender.mutex);
	return s;
}

/* It is over: the other thread will say so and name the next one. */
static void
give_up_target(gen_sctp_socket_t s)
{
	os_mutex_lock(&sender.mutex);
	if (sender.socket == s)
		sender.socket = 0;
	os_mutex_unlock(&sender.mutex);
}

static int
send_message(const struct input_message *message)
{
	struct gen_sctp_sndrcvinfo info;
	gen_sctp_socket_t s;
	int error;

	memset(&info, 0, sizeof(info));
	info.stream = message->stream;
	info.ppid = (uint32_t)sender.options->ppid;
	info.flags = sender.options->unordered ? GEN_SCTP_UNORDERED : 0;
	for (;;) {
		s = wait_for_target(&info.assoc_id);
		error = gen_sctp_sendmsg(s, &info, NULL, message->data,
					 message->len);
		if (error != -EPIPE && error != -EBADF)
			return error;
		give_up_target(s);
	}
}

static void
finish(const struct sender_result *result)
{
	os_mutex_lock(&sender.mutex);
	sender.result = *result;
	os_mutex_unlock(&sender.mutex);
	os_event_set(&sender.ended);
}

static void
run(void *arg)
{
	struct sender_result result = { 0 };
	struct input_message message;
	struct input in;
	int n;

	(void)arg;
	input_init(&in, sender.options);
	while ((n = input_next(&in, &message)) > 0) {
		n = send_message(&message);
		if (n != 0) {
			result.len = message.len;
			result.stream = message.stream;
			break;
		}
		result.sent++;
	}
	result.error = n;
	result.line = in.line;
	input_fini(&in);
	finish(&result);
}

int
sender_start(const struct options *options)
{
	int error;

	sender.options = options;
	error = os_event_open(&sender.ended);
	if (error != 0)
		return error;
	return os_thread_start("stdin", run, NULL);
}

void
sender_direct(gen_sctp_socket_t s, gen_sctp_assoc_id_t assoc)
{
	os_mutex_lock(&sender.mutex);
	sender.socket = s;
	sender.assoc = assoc;
	os_cond_signal(&sender.directed);
	os_mutex_unlock(&sender.mutex);
}

gen_sctp_fd_t
sender_ended_fd(void)
{
	return sender.ended.wait_fd;
}

struct sender_result
sender_result(void)
{
	struct sender_result result;

	os_mutex_lock(&sender.mutex);
	result = sender.result;
	os_mutex_unlock(&sender.mutex);
	return result;
}
