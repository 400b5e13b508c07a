// ticks: times 2100 writes of 1 to 262144 bytes, user time only. In the simulated
// guest the same program gives the same rows in every boot.
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(void) {
    static char bytes[262144];
    const int fd = open("/tmp/ticks", O_RDWR | O_CREAT, 0600);
    if (fd < 0) {
        return 1;
    }
    for (int rep = 0; rep < 300; rep++) {
        for (int size = 1; size <= 262144; size *= 8) {
            const long long start = now();
            if (pwrite(fd, bytes, (size_t)size, 0) != size) {
                return 1;
            }
            const long long end = now();
            printf("%d %d %lld %lld\n", rep, size, start, end - start);
        }
    }
    return 0;
}
