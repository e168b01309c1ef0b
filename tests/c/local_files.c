#include "local_files.h"
#include "harness.h"

#include <dirent.h>
#include <sys/stat.h>

enum { BUFFER = 1 << 16 };

static uint64_t seed = 0x9e3779b97f4a7c15u;

uint64_t random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    return seed ^= seed << 17;
}

void make_file(const char *path, int64_t length)
{
    uint64_t block[BUFFER / 8];
    size_t i;
    FILE *file = fopen(path, "wb");
    CHECK(file != NULL);
    while (length > 0) {
        size_t count = length < BUFFER ? (size_t)length : BUFFER;
        for (i = 0; i < BUFFER / 8; i++) block[i] = random_number();
        CHECK(fwrite(block, 1, count, file) == count);
        length -= (int64_t)count;
    }
    CHECK(!fclose(file));
}

int same_files(const char *one, const char *other)
{
    char a[BUFFER], b[BUFFER];
    FILE *first = fopen(one, "rb"), *second = fopen(other, "rb");
    size_t count;
    int same = first && second;
    while (same && (count = fread(a, 1, sizeof a, first)) > 0) same = fread(b, 1, count, second) == count && !memcmp(a, b, count);
    same = same && fread(b, 1, 1, second) == 0;
    if (first) fclose(first);
    if (second) fclose(second);
    return same;
}

int exists(const char *path)
{
    struct stat about;
    return !lstat(path, &about);
}

int parts_left(void)
{
    char folder[512];
    DIR *directory;
    struct dirent *entry;
    int count = 0;
    snprintf(folder, sizeof folder, "%s", temporary("x"));
    *strrchr(folder, '/') = 0;
    directory = opendir(folder);
    while (directory && (entry = readdir(directory))) count += strstr(entry->d_name, ".part") != NULL;
    if (directory) closedir(directory);
    return count;
}
