// Preloaded into a process: what it does to the files and names below DISK_ROOT is written to DISK_LOG, so that a power cut can be played.
// A record is: kind, thread, inode, offset, length of the data; then the data, which for a deed on names is the name (bot/faults/disk.py).
// A call and its record are one step for the process and for all that it has forked; only a sync has a record before it and one after it.
// Processes of other families share no files, and what one of them hears of the other was noted before.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static uint64_t inodes[MOST_FILES];
static pthread_mutex_t *lock;
static int log_fd = -1;

struct __attribute__((packed)) record {
    char kind;
    uint32_t who;
    uint64_t file;
    int64_t offset;
    uint32_t size;
};

__attribute__((constructor)) static void prepare(void) {
    pthread_mutexattr_t shared;
    pthread_mutexattr_init(&shared);
    pthread_mutexattr_setpshared(&shared, PTHREAD_PROCESS_SHARED);
    lock = mmap(NULL, sizeof *lock, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pthread_mutex_init(lock, &shared);
    log_fd = REAL(open)(getenv("DISK_LOG"), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (lock == MAP_FAILED || log_fd < 0)
        abort();
}

static void begin(void) { pthread_mutex_lock(lock); }

static void end(void) { pthread_mutex_unlock(lock); }

static void note(char kind, uint64_t file, int64_t offset, const void *data, uint32_t size) {
    int before = errno;
    struct record head = {kind, (uint32_t)gettid(), file, offset, size};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)data, size}};
    if (REAL(writev)(log_fd, parts, 2) != (ssize_t)(sizeof head + size))
        abort();
    errno = before;
}

static uint64_t file_of(int fd) { return fd >= 0 && fd < MOST_FILES ? inodes[fd] : 0; }

// The path below the root, in `whole`; NULL when it is elsewhere.
static const char *below_root(const char *path, char *whole) {
    const char *root = getenv("DISK_ROOT");
    char here[PATH_MAX] = "";
    if (path[0] != '/' && !getcwd(here, sizeof here))
        abort();
    if (!root || snprintf(whole, PATH_MAX, "%s%s%s", here, *here ? "/" : "", path) >= PATH_MAX)
        return NULL;
    size_t length = strlen(root);
    return strncmp(whole, root, length) ? NULL : whole[length] == '/' ? whole + length + 1 : whole[length] ? NULL : whole + length;
}

static void opened(int fd, const char *name, int flags) {
    struct stat about;
    if (fd >= MOST_FILES || fstat(fd, &about))
        abort();
    inodes[fd] = about.st_ino;
    note('o', about.st_ino, 0, name, strlen(name));
    if (flags & O_TRUNC)
        note('t', about.st_ino, 0, NULL, 0);
}

#define OPENS(call)                                                                                                                        \
    int call(const char *path, int flags, ...) {                                                                                           \
        va_list more;                                                                                                                      \
        va_start(more, flags);                                                                                                             \
        int mode = va_arg(more, int);                                                                                                      \
        va_end(more);                                                                                                                      \
        char whole[PATH_MAX];                                                                                                              \
        const char *name = below_root(path, whole);                                                                                        \
        if (!name)                                                                                                                         \
            return REAL(call)(path, flags, mode);                                                                                          \
        begin();                                                                                                                           \
        int fd = REAL(call)(path, flags, mode);                                                                                            \
        if (fd >= 0)                                                                                                                       \
            opened(fd, name, flags);                                                                                                       \
        end();                                                                                                                             \
        return fd;                                                                                                                         \
    }
OPENS(open)
OPENS(open64)

int close(int fd) {
    if (file_of(fd))
        inodes[fd] = 0;
    return REAL(close)(fd);
}

// `deed` is done, and noted when it went well.
#define ON_FILE(type, fd, deed, noted)                                                                                                     \
    uint64_t file = file_of(fd);                                                                                                           \
    if (!file)                                                                                                                             \
        return deed;                                                                                                                       \
    begin();                                                                                                                               \
    type done = deed;                                                                                                                      \
    if (done >= 0)                                                                                                                         \
        noted;                                                                                                                             \
    end();                                                                                                                                 \
    return done;

ssize_t write(int fd, const void *data, size_t size) {
    ON_FILE(ssize_t, fd, REAL(write)(fd, data, size), note('w', file, lseek(fd, 0, SEEK_CUR) - done, data, done))
}

#define WRITES(call, place)                                                                                                                \
    ssize_t call(int fd, const void *data, size_t size, place offset) {                                                                    \
        ON_FILE(ssize_t, fd, REAL(call)(fd, data, size, offset), note('w', file, offset, data, done))                                      \
    }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

static void note_parts(uint64_t file, const struct iovec *parts, off_t offset, size_t left) {
    for (; left; parts++) {
        size_t size = parts->iov_len < left ? parts->iov_len : left;
        note('w', file, offset, parts->iov_base, size);
        offset += size;
        left -= size;
    }
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    ON_FILE(ssize_t, fd, REAL(pwritev)(fd, parts, count, offset), note_parts(file, parts, offset, done))
}

#define CUTS(call, place)                                                                                                                  \
    int call(int fd, place size) { ON_FILE(int, fd, REAL(call)(fd, size), note('t', file, size, NULL, 0)) }
CUTS(ftruncate, off_t)
CUTS(ftruncate64, off64_t)

int posix_fallocate(int fd, off_t offset, off_t size) {
    struct stat before;
    if (file_of(fd) && fstat(fd, &before))
        abort();
    ON_FILE(int, fd, REAL(posix_fallocate)(fd, offset, size),
            if (!done && offset + size > before.st_size) note('t', file, offset + size, NULL, 0))
}

// What was written before a sync began is there once it has ended. What sync_file_range begins is no promise, so it is not here.
#define SYNCS(call)                                                                                                                        \
    int call(int fd) {                                                                                                                     \
        uint64_t file = file_of(fd);                                                                                                       \
        if (!file)                                                                                                                         \
            return REAL(call)(fd);                                                                                                         \
        begin();                                                                                                                           \
        note('s', file, 0, NULL, 0);                                                                                                       \
        end();                                                                                                                             \
        int failed = REAL(call)(fd);                                                                                                       \
        begin();                                                                                                                           \
        if (!failed)                                                                                                                       \
            note('S', file, 0, NULL, 0);                                                                                                   \
        end();                                                                                                                             \
        return failed;                                                                                                                     \
    }
SYNCS(fsync)
SYNCS(fdatasync)

#define ON_NAME(path, deed, noted)                                                                                                         \
    char whole[PATH_MAX];                                                                                                                  \
    const char *name = below_root(path, whole);                                                                                            \
    if (!name)                                                                                                                             \
        return deed;                                                                                                                       \
    begin();                                                                                                                               \
    int failed = deed;                                                                                                                     \
    if (!failed)                                                                                                                           \
        noted;                                                                                                                             \
    end();                                                                                                                                 \
    return failed;

int unlink(const char *path) { ON_NAME(path, REAL(unlink)(path), note('u', 0, 0, name, strlen(name))) }

int rmdir(const char *path) { ON_NAME(path, REAL(rmdir)(path), note('u', 0, 0, name, strlen(name))) }

int mkdir(const char *path, mode_t mode) { ON_NAME(path, REAL(mkdir)(path, mode), note('d', 0, 0, name, strlen(name))) }

static void note_length(const char *path, const char *name, off_t size) {
    struct stat about;
    if (stat(path, &about))
        abort();
    note('o', about.st_ino, 0, name, strlen(name));
    note('t', about.st_ino, size, NULL, 0);
}

int truncate(const char *path, off_t size) { ON_NAME(path, REAL(truncate)(path, size), note_length(path, name, size)) }

// Both names, with a zero between them.
static void note_renamed(const char *name, const char *path) {
    char whole[PATH_MAX], both[2 * PATH_MAX];
    const char *other = below_root(path, whole);
    if (!other)
        abort();
    int length = snprintf(both, sizeof both, "%s%c%s", name, 0, other);
    note('m', 0, 0, both, length);
}

int rename(const char *path, const char *other) { ON_NAME(path, REAL(rename)(path, other), note_renamed(name, other)) }
