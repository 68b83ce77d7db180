# async def, await, async for, async with, driven by hand as a loop does.


class Pause:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        got = yield self.value
        return got

    __iter__ = __await__


class Count:
    def __init__(self, stop):
        self.n = 0
        self.stop = stop

    def __aiter__(self):
        return self

    async def __anext__(self):
        self.n += 1
        if self.n > self.stop:
            raise StopAsyncIteration
        await Pause("next %d" % self.n)
        return self.n


class Manager:
    def __init__(self, swallow=False):
        self.swallow = swallow

    async def __aenter__(self):
        return await Pause("enter")

    async def __aexit__(self, kind, value, traceback):
        await Pause("exit" if kind is None else kind.__name__)
        return self.swallow


def drive(coroutine):
    log = []
    sent = None
    try:
        while True:
            log.append(coroutine.send(sent))
            sent = len(log)
    except StopIteration as stop:
        log.append(("value", stop.value))
    except Exception as error:
        log.append((type(error).__name__, error.args))
    print(log)


async def add(a, b):
    x = await Pause(a)
    y = await Pause(b)
    return x + y


async def loops():
    seen = []
    async for n in Count(2):
        seen.append(n)
    else:
        seen.append("else")
    async for n in Count(5):
        if n == 1:
            continue
        if n == 3:
            break
        seen.append(n)
    return seen


async def managers(fail, swallow):
    async with Manager(swallow) as value, Manager() as other:
        if fail:
            raise KeyError(value)
    return value, other


async def nested():
    total = 0
    for i in range(2):
        total += await add(i, i + 10)
    try:
        await failing()
    except ValueError as error:
        total += error.args[0]
    finally:
        await Pause("finally")
    return total


async def failing():
    await Pause("before")
    raise ValueError(1000)


async def nothing():
    pass


drive(add("a", "b"))  # expect: ['a', 'b', ('value', 3)]
drive(loops())
# expect: ['next 1', 'next 2', 'next 1', 'next 2', 'next 3', ('value', [1, 2, 'else', 2])]


drive(managers(False, False))  # expect: ['enter', 'enter', 'exit', 'exit', ('value', (1, 2))]
drive(managers(True, False))
# expect: ['enter', 'enter', 'KeyError', 'KeyError', ('KeyError', (1,))]


drive(managers(True, True))
# expect: ['enter', 'enter', 'KeyError', 'KeyError', ('value', (1, 2))]


drive(nested())  # expect: [0, 10, 1, 11, 'before', 'finally', ('value', 1010)]
drive(failing())  # expect: ['before', ('ValueError', (1000,))]
drive(nothing())  # expect: [('value', None)]

# A coroutine that is closed, and one into which an exception is thrown.
closing = add(1, 2)
closing.send(None)
print(closing.close())  # expect: None
throwing = nested()
throwing.send(None)
try:
    throwing.throw(TypeError("thrown"))
except TypeError as error:
    print(error.args)  # expect: ('thrown',)


def refused(text):
    try:
        exec(text, {})
    except SyntaxError:
        print("SyntaxError")


refused("def f():\n async for x in y: pass")  # expect: SyntaxError
refused("def f():\n async with y: pass")  # expect: SyntaxError
