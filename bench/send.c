/* Sends the frames of a capture file out of a veth, for measuring receivers inside private network namespaces.
 *
 *   cc -O2 -o send send.c
 *   send IFACE FILE RATE SECONDS     RATE: packets a second, `max`, or `file` (once, at the pace of the file's own times)
 *
 * FILE is classic little-endian pcap with microseconds, as bench/workloads.mjs writes it. Safety comes first: nothing is
 * sent when one frame holds an IPv4 address outside 127.0.0.0/8 or anything but IPv4 and ARP, when the interface has an
 * IPv4 address of its own, or for longer than 60 seconds. Prints one line of JSON: what was sent, and in what time.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 64, FILE_HEADER = 24, RECORD_HEADER = 16, LONGEST_SEC = 60 };

struct frames {
  struct iovec *at;
  double *due; /* seconds after the first frame */
  size_t count;
};

static _Noreturn void refuse(const char *what) {
  fprintf(stderr, "send: %s\n", what);
  exit(1);
}

static double clock_sec(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static uint32_t word(const uint8_t *p) {
  return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Whether every address in the frame is a loopback one. */
static int is_harmless(const uint8_t *frame, size_t length) {
  size_t type = 12;
  while (type + 6 <= length && frame[type] == 0x81 && frame[type + 1] == 0x00) type += 4;
  if (type + 2 > length || frame[type] != 0x08) return 0;
  const uint8_t *payload = frame + type + 2;
  const size_t left = length - type - 2;
  if (frame[type + 1] == 0x00) return left >= 20 && payload[12] == 127 && payload[16] == 127;
  if (frame[type + 1] == 0x06) return left >= 28 && payload[14] == 127 && payload[24] == 127;
  return 0;
}

static struct frames load(const char *path) {
  const int fd = open(path, O_RDONLY);
  struct stat info;
  if (fd < 0 || fstat(fd, &info) != 0) refuse(strerror(errno));
  const size_t size = (size_t)info.st_size;
  uint8_t *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
  if (file == MAP_FAILED || size < FILE_HEADER || word(file) != 0xa1b2c3d4) refuse("not a little-endian microsecond pcap");
  struct frames all = {0};
  size_t room = 0;
  double first = 0;
  for (size_t at = FILE_HEADER; at + RECORD_HEADER <= size;) {
    const size_t length = word(file + at + 8);
    if (at + RECORD_HEADER + length > size) break;
    uint8_t *frame = file + at + RECORD_HEADER;
    if (!is_harmless(frame, length)) refuse("a frame has an address outside 127.0.0.0/8; made without --live?");
    if (all.count == room) {
      room = room == 0 ? 65536 : room * 2;
      all.at = realloc(all.at, room * sizeof *all.at);
      all.due = realloc(all.due, room * sizeof *all.due);
      if (all.at == NULL || all.due == NULL) refuse("out of memory");
    }
    const double when = word(file + at) + word(file + at + 4) * 1e-6;
    if (all.count == 0) first = when;
    all.due[all.count] = when - first;
    all.at[all.count++] = (struct iovec){.iov_base = frame, .iov_len = length};
    at += RECORD_HEADER + length;
  }
  if (all.count == 0) refuse("no frame in the file");
  return all;
}

static void refuse_addressed(const char *iface) {
  struct ifaddrs *list;
  if (getifaddrs(&list) != 0) refuse("cannot read the interface addresses");
  for (struct ifaddrs *one = list; one != NULL; one = one->ifa_next) {
    if (one->ifa_addr != NULL && one->ifa_addr->sa_family == AF_INET && strcmp(one->ifa_name, iface) == 0)
      refuse("the interface has an IPv4 address; use a veth of a namespace of its own");
  }
  freeifaddrs(list);
}

static int open_socket(const char *iface) {
  const int fd = socket(AF_PACKET, SOCK_RAW, 0);
  const int yes = 1;
  struct sockaddr_ll to = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(iface)};
  if (to.sll_ifindex == 0) refuse("no such interface");
  if (fd < 0 || bind(fd, (struct sockaddr *)&to, sizeof to) != 0) refuse(strerror(errno));
  setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 5) refuse("usage: send IFACE FILE RATE|max|file SECONDS");
  const int by_file = strcmp(argv[3], "file") == 0;
  const double rate = by_file || strcmp(argv[3], "max") == 0 ? 0 : atof(argv[3]);
  const double limit = atof(argv[4]) < LONGEST_SEC ? atof(argv[4]) : LONGEST_SEC;
  refuse_addressed(argv[1]);
  const struct frames all = load(argv[2]);
  const int fd = open_socket(argv[1]);
  struct mmsghdr batch[AT_ONCE] = {0};
  unsigned long sent = 0, bytes = 0;
  size_t next = 0;
  const double start = clock_sec();
  double now = start;
  for (; now - start < limit; now = clock_sec()) {
    size_t wanted = AT_ONCE;
    if (by_file) {
      wanted = 0;
      while (wanted < AT_ONCE && next + wanted < all.count && all.due[next + wanted] <= now - start) wanted++;
      if (next == all.count) break;
    } else if (rate > 0) {
      const double behind = (now - start) * rate - (double)sent;
      if (behind < AT_ONCE) wanted = behind < 1 ? 0 : (size_t)behind;
    }
    if (wanted == 0) continue;
    for (size_t i = 0; i < wanted; i++) {
      batch[i].msg_hdr.msg_iov = &all.at[(next + i) % all.count];
      batch[i].msg_hdr.msg_iovlen = 1;
    }
    const int done = sendmmsg(fd, batch, (unsigned)wanted, 0);
    for (int i = 0; i < done; i++) bytes += all.at[(next + (size_t)i) % all.count].iov_len;
    if (done > 0) {
      sent += (unsigned long)done;
      next += (size_t)done;
      if (!by_file) next %= all.count;
    }
  }
  printf("{\"packets\": %lu, \"bytes\": %lu, \"seconds\": %.3f}\n", sent, bytes, now - start);
  return 0;
}
