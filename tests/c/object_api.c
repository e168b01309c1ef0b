#include "harness.h"
#include "json.h"
#include "object_server_parts.h"

#include <sys/stat.h>
#include <unistd.h>

static char *view(object_server *server, const struct object *object, int created)
{
    size_t room = strlen(object->metadata) + 2048;
    char *text = (char *)allocate(room);
    struct stat about;
    int length = snprintf(text, room, "{\"id\":\"%s\",\"name\":\"%s\",\"content_type\":\"%s\",\"state\":\"%s\",\"create_time_ms\":1,\"metadata\":%s",
                          object->id, object->name, object->kind, object->state, object->metadata);
    if (created)
        length += snprintf(text + length, room - (size_t)length,
                           ",\"upload_url\":\"%s/bucket/%s?sig=" SIGNATURE "-%s\",\"upload_headers\":{\"x-ms-blob-type\":\"BlockBlob\",\"x-secret\":\"" SIGNATURE "\"}",
                           server->url[1], object->id, object->id);
    if (object->whole && !stat(object->path, &about))
        length += snprintf(text + length, room - (size_t)length, ",\"size_bytes\":%lld", (long long)about.st_size);
    snprintf(text + length, room - (size_t)length, "}");
    return text;
}

static void list(object_server *server, int fd, const struct request *request)
{
    char *text = (char *)allocate((size_t)MOST * 512 + 64);
    size_t length = (size_t)sprintf(text, "{\"objects\":[");
    const char *after = strstr(request->query, "starting_after=");
    int i, shown = 0, first = after ? atoi(after + strlen("starting_after=obj_")) + 1 : 0;
    for (i = first; i < server->count && shown < 3; i++) {
        struct object *object = &server->objects[i];
        char *own;
        if (strstr(request->query, "state=UPLOADING") ? strcmp(object->state, "UPLOADING") : !strcmp(object->state, "DELETED")) continue;
        own = view(server, object, 0);
        length += (size_t)sprintf(text + length, "%s%.500s", shown++ ? "," : "", own);
        free(own);
    }
    sprintf(text + length, "],\"has_more\":%s}", i < server->count ? "true" : "false");
    answer(fd, 200, "Content-Type: application/json\r\n", text);
    free(text);
}

void serve_api(object_server *server, int fd, struct request *request)
{
    const char *operation = NULL, *json = "Content-Type: application/json\r\n";
    char *body = read_body(fd, request), *token = header_of(request, "authorization"), id[64] = "", verb[32] = "", *text = NULL;
    struct object *object = NULL;
    struct fault fault;
    int post = !strcmp(request->method, "POST"), parts = sscanf(request->path, "/v1/objects/%63[^/]/%31s", id, verb);
    if (!token || strcmp(token, "Bearer " TOKEN)) {
        answer(fd, 401, json, "{\"message\":\"who are you?\"}");
        free(token);
        return;
    }
    free(token);
    if (!strcmp(request->path, "/v1/objects")) operation = post ? "create" : "list";
    else if (!strcmp(id, "list_public")) operation = "list";
    else if (parts == 1 && !post) operation = "retrieve";
    else if (parts == 2) operation = verb;
    if (!operation || (strcmp(operation, "create") && strcmp(operation, "list") && !(object = find(server, id)))) {
        answer(fd, 404, json, "{\"message\":\"no such object\"}");
        return;
    }
    remember(server, operation, request);
    fault = take_fault(server, operation);
    if (fault.operation && fault.kind == FAULT_STATUS) {
        answer(fd, fault.status, json, "{\"message\":\"as asked\"}");
        return;
    }
    if (fault.operation && fault.kind != FAULT_LOST) {
        end_badly(server, fd, fault.kind);
        return;
    }
    if (!strcmp(operation, "list")) {
        list(server, fd, request);
        return;
    }
    if (!strcmp(operation, "create")) {
        char *name = json_at(body, "/name"), *kind = json_at(body, "/content_type"), *metadata = json_at(body, "/metadata");
        object = add(server, name ? name : "?", kind ? kind : "?", metadata ? metadata : "null");
        free(name);
        free(kind);
        free(metadata);
        text = view(server, object, 1);
    } else if (!strcmp(operation, "complete")) {
        if (!object->whole || strcmp(object->state, "UPLOADING")) {
            answer(fd, 400, json, "{\"message\":\"there is nothing to complete\"}");
            return;
        }
        strcpy(object->state, "READ_ONLY");
    } else if (!strcmp(operation, "delete")) {
        strcpy(object->state, "DELETED");
        unlink(object->path);
    } else if (!strcmp(operation, "download")) {
        if (strcmp(object->state, "READ_ONLY")) {
            answer(fd, 400, json, "{\"message\":\"there is no content\"}");
            return;
        }
        text = (char *)allocate(256);
        sprintf(text, "{\"download_url\":\"%s/bucket/%s?sig=" SIGNATURE "-%s\"}", server->url[1], object->id, object->id);
    }
    if (!text) text = view(server, object, 0);
    if (!fault.operation) answer(fd, 200, json, text);
    free(text);
}
