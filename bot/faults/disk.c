// Preloaded into a process: what it does to the files below DISK_ROOT is written to DISK_LOG, in order, so that a power cut can be played.
// A record is: kind, length of the name, offset, length of the data; then the name and the data (see bot/faults/disk.py).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096
#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static char *names[MOST_FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;

struct __attribute__((packed)) record {
    char kind;
    uint32_t name;
    int64_t offset;
    uint32_t size;
};

static const char *below_root(const char *path) {
    const char *root = getenv("DISK_ROOT");
    size_t length = root ? strlen(root) : 0;
    return length && strncmp(path, root, length) == 0 && path[length] == '/' ? path + length + 1 : NULL;
}

static void note(char kind, const char *name, int64_t offset, const void *data, uint32_t size) {
    struct record head = {kind, (uint32_t)strlen(name), offset, size};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)name, head.name}, {(void *)data, size}};
    pthread_mutex_lock(&lock);
    if (log_fd < 0)
        log_fd = REAL(open)(getenv("DISK_LOG"), O_WRONLY | O_APPEND | O_CREAT, 0600);
    if (REAL(writev)(log_fd, parts, data ? 3 : 2) < 0)
        abort();
    pthread_mutex_unlock(&lock);
}

static const char *name_of(int fd) { return fd >= 0 && fd < MOST_FILES ? names[fd] : NULL; }

static int opened(int fd, const char *path) {
    const char *name = below_root(path);
    if (name && fd >= 0 && fd < MOST_FILES)
        names[fd] = strdup(name);
    return fd;
}

#define OPENS(call)                                                                                                                        \
    int call(const char *path, int flags, ...) {                                                                                           \
        va_list more;                                                                                                                      \
        va_start(more, flags);                                                                                                             \
        int mode = va_arg(more, int);                                                                                                      \
        va_end(more);                                                                                                                      \
        return opened(REAL(call)(path, flags, mode), path);                                                                                \
    }
OPENS(open)
OPENS(open64)

int close(int fd) {
    if (name_of(fd))
        names[fd] = NULL;
    return REAL(close)(fd);
}

ssize_t write(int fd, const void *data, size_t size) {
    if (name_of(fd))
        note('w', name_of(fd), lseek(fd, 0, SEEK_CUR), data, size);
    return REAL(write)(fd, data, size);
}

#define WRITES(call, place)                                                                                                                \
    ssize_t call(int fd, const void *data, size_t size, place offset) {                                                                    \
        if (name_of(fd))                                                                                                                   \
            note('w', name_of(fd), offset, data, size);                                                                                    \
        return REAL(call)(fd, data, size, offset);                                                                                         \
    }
WRITES(pwrite, off_t)
WRITES(pwrite64, off64_t)

#define CUTS(call, place)                                                                                                                  \
    int call(int fd, place size) {                                                                                                         \
        if (name_of(fd))                                                                                                                   \
            note('t', name_of(fd), size, NULL, 0);                                                                                         \
        return REAL(call)(fd, size);                                                                                                       \
    }
CUTS(ftruncate, off_t)
CUTS(ftruncate64, off64_t)

// What was written before a sync began is there once it has ended.
#define SYNCS(call)                                                                                                                        \
    int call(int fd) {                                                                                                                     \
        const char *name = name_of(fd);                                                                                                    \
        if (name)                                                                                                                          \
            note('s', name, 0, NULL, 0);                                                                                                   \
        int failed = REAL(call)(fd);                                                                                                       \
        if (name && !failed)                                                                                                               \
            note('S', name, 0, NULL, 0);                                                                                                   \
        return failed;                                                                                                                     \
    }
SYNCS(fsync)
SYNCS(fdatasync)

int unlink(const char *path) {
    const char *name = below_root(path);
    if (name)
        note('u', name, 0, NULL, 0);
    return REAL(unlink)(path);
}
