#include "harness.h"
#include "object_server_parts.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* A refusal repeats the signature, as storages do. */
static void refuse(int fd, int status, const char *code)
{
    char body[512];
    snprintf(body, sizeof body, "<Error><Code>%s</Code><StringToSign>" SIGNATURE "</StringToSign></Error>", code);
    answer(fd, status, "Content-Type: application/xml\r\n", body);
}

static void take(object_server *server, int fd, struct request *request, struct object *object, struct fault fault)
{
    char *kind = header_of(request, "x-ms-blob-type"), *secret = header_of(request, "x-secret"), piece[PIECE], path[160];
    int64_t done = 0, limit = fault.operation ? fault.after : INT64_MAX;
    int fine = kind && secret && !strcmp(kind, "BlockBlob") && !strcmp(secret, SIGNATURE), out;
    free(kind);
    free(secret);
    if (!fine) {
        refuse(fd, 400, "MissingRequiredHeader");
        return;
    }
    if (request->chunked) {
        refuse(fd, 411, "MissingContentLength");
        return;
    }
    if (strcmp(object->state, "UPLOADING")) {
        refuse(fd, 409, "BlobImmutableDueToPolicy");
        return;
    }
    snprintf(path, sizeof path, "%s.part%d", object->path, fd);
    out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    while (done < request->length && done < limit) {
        ssize_t got = request->have ? (ssize_t)request->have : recv(fd, piece, sizeof piece, 0);
        if (got <= 0) break;
        if (write(out, request->have ? request->body : piece, (size_t)got) != got) abort();
        request->have = 0;
        done += got;
    }
    close(out);
    if (fault.operation && fault.kind != FAULT_LOST) {
        unlink(path);
        if (fault.kind == FAULT_STATUS) refuse(fd, fault.status, "AsAsked");
        else end_badly(server, fd, fault.kind);
        return;
    }
    if (done != request->length) {
        unlink(path);
        return;
    }
    rename(path, object->path);
    object->whole = 1;
    if (!fault.operation) answer(fd, 201, "ETag: \"1\"\r\n", "");
}

static void give(object_server *server, int fd, struct request *request, struct object *object, struct fault fault)
{
    char head[512], tag[64], piece[PIECE], *range = header_of(request, "range"), *only_if = header_of(request, "if-range");
    struct stat about;
    int64_t from = 0, left, limit = fault.operation ? fault.after : INT64_MAX;
    int in = open(object->path, O_RDONLY), part, length;
    if (fault.operation && fault.kind == FAULT_STATUS) {
        refuse(fd, fault.status, "AsAsked");
    } else if (in < 0 || fstat(in, &about)) {
        refuse(fd, 404, "NoSuchKey");
    } else {
        if (server->changing) object->version++;
        snprintf(tag, sizeof tag, "\"%s-%d\"", object->id, object->version);
        part = range && server->ranges && sscanf(range, "bytes=%ld-", &from) == 1 && (!only_if || !strcmp(only_if, tag));
        if (!part) from = 0;
        length = snprintf(head, sizeof head, "HTTP/1.1 %d Given\r\nConnection: close\r\nContent-Length: %lld\r\n", part ? 206 : 200,
                          (long long)(about.st_size - from));
        if (server->tags) length += sprintf(head + length, "ETag: %s\r\n", tag);
        if (part)
            length += sprintf(head + length, "Content-Range: bytes %lld-%lld/%lld\r\n", (long long)from, (long long)about.st_size - 1,
                              (long long)about.st_size);
        length += sprintf(head + length, "\r\n");
        left = about.st_size - from;
        if (send_all(fd, head, (size_t)length) && lseek(in, from, SEEK_SET) == from) {
            int64_t sent = 0;
            while (sent < left && sent < limit) {
                size_t wanted = sizeof piece;
                ssize_t got;
                if (limit - sent < (int64_t)wanted) wanted = (size_t)(limit - sent);
                got = read(in, piece, wanted);
                if (got <= 0 || !send_all(fd, piece, (size_t)got)) break;
                sent += got;
            }
            if (fault.operation) end_badly(server, fd, fault.kind);
        }
    }
    if (in >= 0) close(in);
    free(range);
    free(only_if);
}

void serve_storage(object_server *server, int fd, struct request *request)
{
    char id[64], wanted[128], location[256], *token = header_of(request, "authorization"), *cookie = header_of(request, "cookie");
    const char *operation = !strcmp(request->method, "PUT") ? "put" : "get";
    int extra = token || cookie;
    struct object *object;
    free(token);
    free(cookie);
    remember(server, operation, request);
    if (extra || sscanf(request->path, "/bucket/%63s", id) != 1 || !(object = find(server, id))) {
        refuse(fd, extra ? 400 : 404, extra ? "InvalidArgument" : "NoSuchKey");
        return;
    }
    snprintf(wanted, sizeof wanted, "sig=" SIGNATURE "-%s", id);
    if (strcmp(request->query, wanted)) {
        refuse(fd, 403, "SignatureDoesNotMatch");
    } else if (server->redirecting) {
        snprintf(location, sizeof location, "Location: %s/v1/objects\r\n", server->url[0]);
        answer(fd, 307, location, "");
    } else if (!strcmp(operation, "put")) {
        take(server, fd, request, object, take_fault(server, "put"));
    } else {
        give(server, fd, request, object, take_fault(server, "get"));
    }
}
