# What the program calls BaseException does not matter to `async with`.


class Manager:
    async def __aenter__(self):
        return 1

    async def __aexit__(self, kind, value, trace):
        print(kind)


def run(name):
    globals()["BaseException"] = name

    async def main():
        x = 1

        def closed():
            return x

        try:
            async with Manager():
                raise ValueError
        except ValueError:
            print(closed(), x)
        for _ in range(2):
            async with Manager():
                if closed():
                    break
        async with Manager():
            return closed()

    try:
        main().send(None)
    except StopIteration as e:
        print(e.value)


run(KeyError)
# expect: <class 'ValueError'>
# expect: 1 1
# expect: None
# expect: None
# expect: 1
run(object)
# expect: <class 'ValueError'>
# expect: 1 1
# expect: None
# expect: None
# expect: 1
run(7)
# expect: <class 'ValueError'>
# expect: 1 1
# expect: None
# expect: None
# expect: 1
