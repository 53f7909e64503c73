/*
 * The yardstick of `scripts/bench storm`: the plainest server and client that make short-lived connections over epoll(7), one
 * loop each, and nothing else. What they reach is what the kernel's own work for a connection leaves room for.
 *
 *   storm server ADDRESS PORT                        accepts, echoes what it reads, closes after the client's FIN
 *   storm server ADDRESS PORT http|close             answers HTTP; closes after the client's FIN, or first
 *   storm client ADDRESS N PORT BYTES FLIGHT SECONDS connects to N addresses from ADDRESS on, FLIGHT at a time
 *
 * The client prints how many connections it completed, the seconds they took, and how many failed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 256, BACKLOG = 4096, BUFFER = 65536, DESCRIPTORS = 1 << 16 };

static char buffer[BUFFER];
static int received[DESCRIPTORS]; /* by descriptor: bytes of this connection so far */
static int epoll;

static void die(const char *call)
{
    perror(call);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

static void watch(int fd, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.fd = fd};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0)
        die("epoll_ctl");
    received[fd] = 0;
}

static int wait_for(struct epoll_event *events)
{
    int count = epoll_wait(epoll, events, EVENTS, -1);
    if (count < 0 && errno != EINTR)
        die("epoll_wait");
    return count;
}

/* What wrk and ab understand: a body of two bytes; ab waits for the server's FIN. */
static const char response[] = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

enum answer { ECHO, HTTP, HTTP_AND_CLOSE };

/* Whether the connection goes on. */
static int answer(int fd, ssize_t size, enum answer how)
{
    if (how == ECHO)
        return write(fd, buffer, size) == size;
    return write(fd, response, sizeof response - 1) > 0 && how == HTTP;
}

static void serve(struct sockaddr_in address, enum answer how)
{
    int on = 1;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0)
        die("bind");
    if (listen(listener, BACKLOG) < 0)
        die("listen");
    watch(listener, EPOLLIN);
    puts("listening");
    fflush(stdout);
    struct epoll_event events[EVENTS];
    for (;;) {
        int count = wait_for(events);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == listener) {
                while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0)
                    watch(fd, EPOLLIN | EPOLLRDHUP);
                continue;
            }
            ssize_t size = read(fd, buffer, sizeof buffer);
            if (size > 0 && answer(fd, size, how))
                continue;
            if (size < 0 && errno == EAGAIN)
                continue;
            close(fd);
        }
    }
}

static void dial(struct sockaddr_in address, int targets)
{
    static int next;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (fd < 0)
        die("socket");
    address.sin_addr.s_addr = htonl(ntohl(address.sin_addr.s_addr) + next++ % targets);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0 && errno != EINPROGRESS)
        die("connect");
    watch(fd, EPOLLOUT);
}

static void load(struct sockaddr_in address, int targets, int bytes, int flight, double seconds)
{
    long completed = 0, failed = 0;
    double start = now(), end = start + seconds;
    int open = flight;
    for (int i = 0; i < flight; i++)
        dial(address, targets);
    struct epoll_event events[EVENTS];
    while (open > 0) {
        int count = wait_for(events);
        int over = now() >= end;
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd, error = 0;
            socklen_t size = sizeof error;
            if (events[i].events & EPOLLOUT) {
                if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0 && bytes > 0) {
                    struct epoll_event reading = {.events = EPOLLIN, .data.fd = fd};
                    error = write(fd, buffer, bytes) != bytes || epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &reading) < 0;
                    if (!error)
                        continue;
                }
            } else {
                ssize_t got = read(fd, buffer, sizeof buffer);
                error = got <= 0;
                if (!error && (received[fd] += got) < bytes)
                    continue;
            }
            close(fd);
            *(error ? &failed : &completed) += 1;
            if (over)
                open--;
            else
                dial(address, targets);
        }
    }
    printf("%ld %.6f %ld\n", completed, now() - start, failed);
}

int main(int argc, char **argv)
{
    int client = argc == 8 && strcmp(argv[1], "client") == 0;
    if (!client && !((argc == 4 || argc == 5) && strcmp(argv[1], "server") == 0)) {
        fprintf(stderr, "usage: storm server ADDRESS PORT [http|close] | storm client ADDRESS N PORT BYTES FLIGHT SECONDS\n");
        return 64;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[client ? 4 : 3]))};
    if (inet_pton(AF_INET, argv[2], &address.sin_addr) != 1)
        die("address");
    epoll = epoll_create1(EPOLL_CLOEXEC);
    if (client)
        load(address, atoi(argv[3]), atoi(argv[5]), atoi(argv[6]), atof(argv[7]));
    else
        serve(address, argc == 4 ? ECHO : strcmp(argv[4], "close") == 0 ? HTTP_AND_CLOSE : HTTP);
}
