# A device application: sensors, a state machine, a queue of readings, a report now and then,
# simulated timers. After a million steps the heap is where it was after the first thousand.
import gc

try:
    STEPS
except NameError:
    STEPS = 1000000


class Clock:
    """Simulated milliseconds."""

    def __init__(self):
        self.now = 0

    def advance(self, step):
        self.now += step
        return self.now


class Timer:
    """Calls back every `period` milliseconds."""

    def __init__(self, clock, period, callback):
        self.clock = clock
        self.period = period
        self.callback = callback
        self.due = clock.now + period

    def poll(self):
        if self.clock.now >= self.due:
            self.due += self.period
            self.callback(self)
            return True
        return False


class Sensor:
    """A reading that wanders, with a fault now and then."""

    def __init__(self, name, start, low, high):
        self.name = name
        self.value = start
        self.low = low
        self.high = high
        self.seed = len(name) * 7919 + start

    def read(self):
        self.seed = (self.seed * 1103515245 + 12345) & 0x7FFFFF
        self.value += (self.seed >> 8) % 11 - 5
        if self.value < self.low:
            self.value = self.low
        elif self.value > self.high:
            self.value = self.high
        if self.seed % 997 == 0:
            raise OSError(5)
        return self.value


class Reading:
    def __init__(self, sensor, value, at):
        self.sensor = sensor
        self.value = value
        self.at = at

    def as_dict(self):
        return {"sensor": self.sensor, "value": self.value, "at": self.at}


class Queue:
    """A bounded queue; the oldest reading gives way."""

    def __init__(self, limit):
        self.limit = limit
        self.items = []
        self.dropped = 0

    def put(self, item):
        if len(self.items) >= self.limit:
            self.items.pop(0)
            self.dropped += 1
        self.items.append(item)

    def drain(self):
        items = self.items
        self.items = []
        return items

    def __len__(self):
        return len(self.items)


class State:
    name = "state"

    def __init__(self, machine):
        self.machine = machine
        self.left = 0

    def enter(self):
        pass

    def step(self):
        return None


class Idle(State):
    name = "idle"

    def step(self):
        if self.machine.pending() > 3:
            return "sampling"
        return None


class Sampling(State):
    name = "sampling"

    def enter(self):
        self.left = 8

    def step(self):
        self.machine.sample()
        self.left -= 1
        if self.left == 0:
            return "reporting"
        return None


class Reporting(State):
    name = "reporting"

    def step(self):
        self.machine.report()
        return "idle"


class Fault(State):
    name = "fault"

    def enter(self):
        self.machine.faults += 1
        self.left = 3

    def step(self):
        self.left -= 1
        return "idle" if self.left == 0 else None


class Machine:
    def __init__(self):
        self.clock = Clock()
        self.sensors = [
            Sensor("temperature", 210, -400, 850),
            Sensor("humidity", 450, 0, 1000),
            Sensor("pressure", 10130, 9000, 11000),
        ]
        self.queue = Queue(32)
        self.ticks = 0
        self.faults = 0
        self.reports = 0
        self.bytes = 0
        # Every count from the start, so that the table of them has its size.
        self.log = dict.fromkeys(("slow", "idle", "sampling", "reporting", "fault"), 0)
        self.timers = [
            Timer(self.clock, 7, self.tick),
            Timer(self.clock, 101, lambda timer: self.count("slow")),
        ]
        self.states = {s.name: s for s in (Idle(self), Sampling(self), Reporting(self), Fault(self))}
        self.state = self.states["idle"]

    def tick(self, timer):
        self.ticks += 1

    def count(self, key):
        self.log[key] += 1

    def pending(self):
        return self.ticks & 7

    def sample(self):
        for sensor in self.sensors:
            self.queue.put(Reading(sensor.name, sensor.read(), self.clock.now))

    def report(self):
        rows = [reading.as_dict() for reading in self.queue.drain()]
        text = ";".join("%s=%d@%d" % (r["sensor"], r["value"], r["at"] % 1000) for r in rows)
        self.bytes = (self.bytes + len(text.encode())) & 0xFFFFFF
        self.reports = (self.reports + 1) & 0xFFFF

    def switch(self, name):
        self.count(name)
        self.state = self.states[name]
        self.state.enter()

    def step(self):
        self.clock.advance(3)
        if self.clock.now > 1000000:
            self.clock.now = 0
            for timer in self.timers:
                timer.due = timer.period
            for key in self.log:
                self.log[key] = 0
        for timer in self.timers:
            timer.poll()
        try:
            target = self.state.step()
        except OSError:
            target = "fault"
        if target is not None:
            self.switch(target)


def level():
    gc.collect()
    return gc.mem_alloc()


machine = Machine()
first = last = 0
for _ in range(1000):
    machine.step()
machine.queue.drain()
machine.switch("idle")
first = level()
for _ in range(STEPS - 1000):
    machine.step()
machine.queue.drain()
machine.switch("idle")
last = level()
print("steps", STEPS >= 10000)  # expect: steps True
print("faults", machine.faults > 0, "reports", machine.reports > 0)  # expect: faults True reports True
print("level", last - first)  # expect: level 0
