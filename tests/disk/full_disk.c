/* A disk that is full from the n-th write on, for everything a process does below one folder.
 *
 * Loaded before the C library: whatever Python, SQLite, NumPy and safetensors write goes through here. Reading, removing
 * and closing files work on a full disk; everything that needs room fails with ENOSPC.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX];
static long writes, full_at;

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

/* Full from the n-th write on; 0 is never. Counts anew. */
void disk_full_at(const char *folder, long n) {
    strncpy(root, folder, sizeof root - 1);
    writes = 0;
    full_at = n;
}

long disk_writes(void) { return writes; }

/* A program that does not know of this: FULL_DISK=folder, which is full from the beginning. */
__attribute__((constructor)) static void begin(void) {
    if (getenv("FULL_DISK")) disk_full_at(getenv("FULL_DISK"), 1);
}

static int full(const char *path) {
    if (!root[0] || strncmp(path, root, strlen(root))) return 0;
    long now = __sync_add_and_fetch(&writes, 1);
    if (!full_at || now < full_at) return 0;
    errno = ENOSPC;
    return 1;
}

static int full_fd(int fd) {
    char link[64], path[PATH_MAX];
    if (!root[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int before = errno;
    ssize_t length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return 0;
    path[length] = 0;
    return full(path);
}

ssize_t write(int fd, const void *data, size_t size) {
    return full_fd(fd) ? -1 : REAL(write)(fd, data, size);
}
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return full_fd(fd) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return full_fd(fd) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    return full_fd(fd) ? -1 : REAL(writev)(fd, parts, count);
}
ssize_t sendfile(int out, int in, off_t *at, size_t size) {
    return full_fd(out) ? -1 : REAL(sendfile)(out, in, at, size);
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t size) {
    return full_fd(out) ? -1 : REAL(sendfile64)(out, in, at, size);
}
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t size, unsigned flags) {
    return full_fd(out) ? -1 : REAL(copy_file_range)(in, from, out, to, size, flags);
}
int fsync(int fd) { return full_fd(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return full_fd(fd) ? -1 : REAL(fdatasync)(fd); }
int posix_fallocate(int fd, off_t at, off_t size) {
    return full_fd(fd) ? ENOSPC : REAL(posix_fallocate)(fd, at, size);
}
int mkdir(const char *path, mode_t mode) { return full(path) ? -1 : REAL(mkdir)(path, mode); }
int rename(const char *from, const char *to) { return full(to) ? -1 : REAL(rename)(from, to); }

/* A new file needs room; one that is there does not. */
static int no_room_for(const char *path, int flags) {
    return (flags & O_CREAT) && access(path, F_OK) && full(path);
}
#define OPEN(name)                                             \
    int name(const char *path, int flags, ...) {               \
        va_list more;                                          \
        va_start(more, flags);                                 \
        mode_t mode = (flags & O_CREAT) ? va_arg(more, mode_t) : 0; \
        va_end(more);                                          \
        return no_room_for(path, flags) ? -1 : REAL(name)(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)
