#include "heard.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

static struct {
    pthread_mutex_t lock;
    char text[1 << 16];
} heard = {PTHREAD_MUTEX_INITIALIZER, ""};

void hear(void *user_data, int32_t level, const char *line)
{
    size_t used;
    (void)user_data;
    (void)level;
    pthread_mutex_lock(&heard.lock);
    used = strlen(heard.text);
    snprintf(heard.text + used, sizeof heard.text - used, "%s\n", line);
    pthread_mutex_unlock(&heard.lock);
}

int times_heard(const char *part)
{
    int count = 0;
    const char *at;
    pthread_mutex_lock(&heard.lock);
    for (at = heard.text; (at = strstr(at, part)); at += strlen(part)) count++;
    pthread_mutex_unlock(&heard.lock);
    return count;
}
