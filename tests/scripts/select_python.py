# Polling streams made in Python.
# needs: select
import io
import select


class Source(io.IOBase):
    def __init__(self):
        self.ready = 0
        self.asked = []

    def ioctl(self, request, argument):
        self.asked.append((request, argument))
        return self.ready & argument


source = Source()
poller = select.poll()
poller.register(source, select.POLLIN)
print(poller.poll(0), source.asked)  # expect: [] [(3, 1)]
source.ready = select.POLLIN | select.POLLOUT
print([events for _, events in poller.poll(0)], [(s is source, e) for s, e in poller.ipoll(0)])  # expect: [1] [(True, 1)]
poller.modify(source, select.POLLOUT)
print([events for _, events in poller.poll()])  # expect: [4]
print([events for _, events in poller.ipoll(0, 1)], poller.poll(0))  # expect: [4] []
poller.unregister(source)
print(poller.poll(0))  # expect: []
for action in (lambda: poller.modify(source, 1), lambda: poller.register(5), lambda: poller.register(object())):
    try:
        action()
    except OSError as error:
        print(error)
# expect: [Errno 2] ENOENT
# expect: stream operation not supported
# expect: stream operation not supported
print([[stream is source for stream in ready] for ready in select.select([source], [source], [])])  # expect: [[True], [True], []]


class Failing(io.IOBase):
    def ioctl(self, request, argument):
        return -5


try:
    select.select([Failing()], [], [], 1)
except OSError as error:
    print(error)  # expect: [Errno 5] EIO
