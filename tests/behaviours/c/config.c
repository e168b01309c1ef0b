/* Network policies, gateway configs and MCP configs, which are all alike. */

#include "call.h"
#include "step.h"

FIND(client)

#define COLLECTION(noun)                                                                                               \
    FIND(noun)                                                                                                         \
    KEEP(noun)                                                                                                         \
    GIVE(noun##_create, noun, runloop_##noun##_create(the_client(), params("/params"), options(), &made, &error))      \
    GIVE(noun##_from_id, noun, runloop_##noun##_from_id(the_client(), text("/id"), &made, &error))                     \
    LIST(noun##_list, noun, runloop_##noun##_list(the_client(), params("/params"), &cursor, &error))                   \
    VIEW(noun##_get_info, runloop_##noun##_get_info(the_##noun(), options(), &value, &error))                          \
    VIEW(noun##_update, runloop_##noun##_update(the_##noun(), params("/params"), options(), &value, &error))           \
    /* Not every language gives the answer. */                                                                         \
    DO(noun##_delete, runloop_##noun##_delete(the_##noun(), options(), NULL, &error))

COLLECTION(network_policy)
COLLECTION(gateway_config)
COLLECTION(mcp_config)

#define NAMED(noun)                                                                                                    \
    {#noun "_create", noun##_create}, {#noun "_from_id", noun##_from_id}, {#noun "_list", noun##_list},                \
        {#noun "_get_info", noun##_get_info}, {#noun "_update", noun##_update}, {#noun "_delete", noun##_delete}

const operation config_operations[] = {
    NAMED(network_policy),
    NAMED(gateway_config),
    NAMED(mcp_config),
    {NULL, NULL},
};
