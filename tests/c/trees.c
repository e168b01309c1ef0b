#include "trees.h"
#include "harness.h"

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

const char *in(const char *folder, const char *name)
{
    static char known[256][1024];
    char path[1024];
    size_t i;
    CHECK(snprintf(path, sizeof path, "%s/%s", folder, name) < (int)sizeof path);
    for (i = 0; i < sizeof known / sizeof *known; i++) {
        if (!*known[i]) strcpy(known[i], path);
        if (!strcmp(known[i], path)) return known[i];
    }
    abort();
}

void folder(const char *path)
{
    CHECK(!mkdir(path, 0755));
}

void file(const char *path, const char *contents)
{
    FILE *file = fopen(path, "wb");
    CHECK(file && fwrite(contents, 1, strlen(contents), file) == strlen(contents) && !fclose(file));
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

void remove_all(const char *path)
{
    nftw(path, remove_one, 64, FTW_DEPTH | FTW_PHYS);
}

static int by_name(const struct dirent **one, const struct dirent **other)
{
    return strcmp((*one)->d_name, (*other)->d_name);
}

static uint64_t sum_of(const char *path)
{
    static char buffer[1 << 16];
    uint64_t sum = 14695981039346656037u;
    FILE *opened = fopen(path, "rb");
    size_t count, i;
    if (!opened) return 0;
    while ((count = fread(buffer, 1, sizeof buffer, opened)) > 0)
        for (i = 0; i < count; i++) sum = (sum ^ (unsigned char)buffer[i]) * 1099511628211u;
    fclose(opened);
    return sum;
}

/* Names, kinds, modes, times, links and contents of all that is below, a line each. */
static void describe_into(FILE *out, const char *top, const char *name)
{
    struct dirent **entries;
    char path[4096];
    int count, i;
    snprintf(path, sizeof path, "%s/%s", top, name);
    count = scandir(path, &entries, NULL, by_name);
    CHECK(count >= 0);
    for (i = 0; i < count; i++) {
        char own[2048], whole[4096], target[4096];
        struct stat about;
        ssize_t length;
        if (!strcmp(entries[i]->d_name, ".") || !strcmp(entries[i]->d_name, "..")) {
            free(entries[i]);
            continue;
        }
        snprintf(own, sizeof own, "%.1000s%s%.1000s", name, *name ? "/" : "", entries[i]->d_name);
        snprintf(whole, sizeof whole, "%.1500s/%s", top, own);
        CHECK(!lstat(whole, &about));
        fprintf(out, "%s %o", own, about.st_mode);
        if (S_ISLNK(about.st_mode)) {
            length = readlink(whole, target, sizeof target - 1);
            CHECK(length >= 0);
            target[length] = 0;
            fprintf(out, " -> %s", target);
        } else if (S_ISREG(about.st_mode)) {
            fprintf(out, " %lld %lld %d %016llx", (long long)about.st_size, (long long)about.st_mtime, (int)about.st_nlink,
                    (unsigned long long)sum_of(whole));
        }
        fputc('\n', out);
        if (S_ISDIR(about.st_mode)) describe_into(out, top, own);
        free(entries[i]);
    }
    free(entries);
}

char *described(const char *top)
{
    char *text;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    CHECK(out != NULL);
    describe_into(out, top, "");
    CHECK(!fclose(out));
    return text;
}

void check_same(const char *one, const char *other)
{
    char *first = described(one), *second = described(other);
    size_t i;
    for (i = 0; first[i] && first[i] == second[i]; i++) continue;
    if (first[i] != second[i]) fail_at(__FILE__, __LINE__, "%s and %s differ: \"%.200s\", \"%.200s\"", one, other, first + (i > 60 ? i - 60 : 0), second + (i > 60 ? i - 60 : 0));
    free(first);
    free(second);
}

char *names(const char *top)
{
    char *text = described(top), *from = text, *to = text;
    while (*from) {
        size_t length = strcspn(from, " ");
        memmove(to, from, length);
        to += length;
        *to++ = ' ';
        from += strcspn(from, "\n") + 1;
    }
    *to = 0;
    return text;
}

void make_tree(const char *top)
{
    char longest[256], path[2048];
    struct timespec times[2] = {{1000000000, 0}, {1000000000, 0}};
    int out;
    memset(longest, 'n', 250);
    longest[250] = 0;
    folder(top);
    folder(in(top, "sub"));
    folder(in(top, "empty"));
    file(in(top, "hello"), "Hello");
    file(in(top, "nothing"), "");
    file(in(top, "sub/caf\xc3\xa9 'q\" $x"), "odd");
    CHECK(!chmod(in(top, "hello"), 0751));
    CHECK(!chmod(in(top, "empty"), 0700));
    CHECK(!utimensat(AT_FDCWD, in(top, "hello"), times, 0));
    CHECK(!link(in(top, "hello"), in(top, "sub/again")));
    CHECK(!symlink("../hello", in(top, "sub/link")));
    CHECK(!symlink(longest, in(top, "sub/far")));
    snprintf(path, sizeof path, "%s/sub/%s", top, longest);
    folder(path);
    snprintf(path, sizeof path, "%s/sub/%s/%s", top, longest, longest);
    file(path, "deep");
    out = open(in(top, "sparse"), O_WRONLY | O_CREAT, 0644);
    CHECK(out >= 0 && !ftruncate(out, 30 << 20) && pwrite(out, "middle", 6, 20 << 20) == 6);
    close(out);
}

void skipped(void *data, const char *path, const char *reason)
{
    struct skips *skips = (struct skips *)data;
    size_t used = strlen(skips->text);
    skips->count++;
    snprintf(skips->text + used, sizeof skips->text - used, "%s: %s\n", path, reason);
}
