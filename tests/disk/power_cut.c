/* What of a process's files a power cut would leave: the bytes and the names that were flushed to the disk, and no more.
 *
 * Loaded before the C library. Each flush of a file keeps its bytes as they are, each flush of a folder its names, in a
 * folder of their own and by the number of the inode; test_power_cut.py puts them together again.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name); real; })

static void keep_names(int fd, FILE *out) {
    DIR *folder = fdopendir(openat(fd, ".", O_RDONLY | O_DIRECTORY));
    for (struct dirent *one; folder && (one = readdir(folder));)
        if (strcmp(one->d_name, ".") && strcmp(one->d_name, ".."))
            fprintf(out, "%lu %s", (unsigned long)one->d_ino, one->d_name), fputc(0, out);
    if (folder) closedir(folder);
}

static void keep_bytes(int fd, FILE *out) {
    char link[64], part[1 << 16];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    int in = open(link, O_RDONLY);
    for (ssize_t got; in >= 0 && (got = read(in, part, sizeof part)) > 0;) fwrite(part, 1, got, out);
    if (in >= 0) close(in);
    dup(fd); /* stays open, lest another file gets the number of the inode */
}

static int kept(int fd, int flushed) {
    const char *place = getenv("POWER_CUT");
    struct stat status;
    if (flushed || !place || fstat(fd, &status)) return flushed;
    int is_folder = S_ISDIR(status.st_mode);
    char path[PATH_MAX], fresh[PATH_MAX + 8];
    snprintf(path, sizeof path, "%s/%lu.%s", place, (unsigned long)status.st_ino, is_folder ? "names" : "bytes");
    snprintf(fresh, sizeof fresh, "%s.new", path);
    FILE *out = fopen(fresh, "w");
    if (!out) return -1;
    is_folder ? keep_names(fd, out) : keep_bytes(fd, out);
    return fclose(out) || rename(fresh, path) ? -1 : flushed;
}

int fsync(int fd) { return kept(fd, REAL(fsync)(fd)); }
int fdatasync(int fd) { return kept(fd, REAL(fdatasync)(fd)); }
