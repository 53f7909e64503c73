/*
 * What the kernel itself takes for a cell: two network namespaces with lo up, joined by a veth pair that is up and has an address
 * at each end. Nothing beside system calls. Prints the milliseconds of each, a line a cell; `scripts/bench cells` builds and reads it.
 *
 *   cell COUNT
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    char body[512];
};

static int checked(int result, const char *what) {
    if (result < 0) {
        perror(what);
        exit(70);
    }
    return result;
}

static void put(struct request *request, const void *bytes, size_t count) {
    memcpy((char *)request + request->header.nlmsg_len, bytes, count);
    request->header.nlmsg_len += NLMSG_ALIGN(count);
}

static void attribute(struct request *request, int type, const void *value, size_t count) {
    struct rtattr head = {.rta_len = RTA_LENGTH(count), .rta_type = type};
    put(request, &head, sizeof head);
    put(request, value, count);
}

static char *nest(struct request *request, int type) {
    char *start = (char *)request + request->header.nlmsg_len;
    attribute(request, type, "", 0);
    return start;
}

static void end(struct request *request, char *start) {
    ((struct rtattr *)start)->rta_len = (char *)request + request->header.nlmsg_len - start;
}

static struct request start(int type, int flags) {
    return (struct request){.header = {NLMSG_HDRLEN, type, NLM_F_REQUEST | NLM_F_ACK | flags, 0, 0}};
}

static void ask(int netlink, struct request *request, const char *what) {
    char answer[4096];
    checked(send(netlink, request, request->header.nlmsg_len, 0), what);
    checked(recv(netlink, answer, sizeof answer, 0), what);
    errno = -((struct nlmsgerr *)NLMSG_DATA(answer))->error;
    checked(errno ? -1 : 0, what);
}

static void up(int netlink, const char *name) {
    struct request request = start(RTM_NEWLINK, 0);
    struct ifinfomsg link = {.ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    put(&request, &link, sizeof link);
    attribute(&request, IFLA_IFNAME, name, strlen(name) + 1);
    ask(netlink, &request, "set an interface up");
}

static void join(int netlink, int peer) {
    struct request request = start(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
    struct ifinfomsg link = {0};
    put(&request, &link, sizeof link);
    attribute(&request, IFLA_IFNAME, "veth0", 6);
    char *info = nest(&request, IFLA_LINKINFO);
    attribute(&request, IFLA_INFO_KIND, "veth", 5);
    char *data = nest(&request, IFLA_INFO_DATA), *other = nest(&request, VETH_INFO_PEER);
    put(&request, &link, sizeof link);
    attribute(&request, IFLA_IFNAME, "veth0", 6);
    attribute(&request, IFLA_NET_NS_FD, &peer, sizeof peer);
    end(&request, other);
    end(&request, data);
    end(&request, info);
    ask(netlink, &request, "make a veth pair");
}

/* An interface's index, once its carrier's coming has been dealt with: asking for the carrier does that at once. */
static int carrier(int namespace) {
    struct ethtool_value value = {.cmd = ETHTOOL_GLINK};
    struct ifreq request = {.ifr_name = "veth0", .ifr_data = (void *)&value};
    checked(setns(namespace, CLONE_NEWNET), "enter a namespace");
    int fd = checked(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "open a socket");
    checked(ioctl(fd, SIOCETHTOOL, &request), "look at the carrier");
    checked(value.data ? 0 : -1, "look at the carrier: none");
    checked(ioctl(fd, SIOCGIFINDEX, &request), "look at an interface");
    close(fd);
    return request.ifr_ifindex;
}

static void add(int netlink, int index, const char *text) {
    struct request request = start(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
    struct ifaddrmsg head = {.ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = index};
    struct in_addr address;
    inet_pton(AF_INET, text, &address);
    put(&request, &head, sizeof head);
    attribute(&request, IFA_LOCAL, &address, sizeof address);
    attribute(&request, IFA_ADDRESS, &address, sizeof address);
    ask(netlink, &request, "add an address");
}

static void make(int namespaces[2]) {
    int netlinks[2];
    for (int side = 0; side < 2; side++) {
        checked(unshare(CLONE_NEWNET), "make a namespace");
        namespaces[side] = checked(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "open a namespace");
        netlinks[side] = checked(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "open a netlink socket");
        up(netlinks[side], "lo");
    }
    join(netlinks[0], namespaces[1]);
    up(netlinks[0], "veth0");
    up(netlinks[1], "veth0");
    for (int side = 0; side < 2; side++) {
        add(netlinks[side], carrier(namespaces[side]), side ? "10.9.0.101" : "10.9.0.1");
        close(netlinks[side]);
    }
}

static double millis(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

int main(int count, char **arguments) {
    int home = checked(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "open the namespace");
    int cells = count == 2 ? atoi(arguments[1]) : 0;
    for (int cell = 0; cell < cells; cell++) {
        int namespaces[2];
        double from = millis();
        make(namespaces);
        checked(setns(home, CLONE_NEWNET), "go home");
        close(namespaces[0]);
        close(namespaces[1]);
        printf("%.3f\n", millis() - from);
    }
    return 0;
}
