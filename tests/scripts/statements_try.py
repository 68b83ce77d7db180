# try: which handler, in which order, and what finally changes.

log = []


def run(what):
    del log[:]
    try:
        res = what()
    except Exception as error:
        res = type(error).__name__, error.args
    print(res, log)


def raising(error):
    raise error


def handlers(error):
    try:
        log.append("body")
        if error:
            raise error
    except (KeyError, IndexError) as caught:
        log.append(type(caught).__name__)
    except ValueError:
        log.append("value")
        raise
    except:
        log.append("bare")
    else:
        log.append("else")
        return "no error"
    finally:
        log.append("finally")
    return "handled"


run(lambda: handlers(None))  # expect: no error ['body', 'else', 'finally']
run(lambda: handlers(IndexError(1)))  # expect: handled ['body', 'IndexError', 'finally']
run(lambda: handlers(ValueError("v")))
# expect: ('ValueError', ('v',)) ['body', 'value', 'finally']

run(lambda: handlers(TypeError()))  # expect: handled ['body', 'bare', 'finally']


# finally sees every way out, and may replace it.
def ways(way):
    for i in range(3):
        try:
            if way == "return":
                return "returned"
            if way == "break":
                break
            if way == "continue":
                continue
            if way == "raise":
                raise ValueError(i)
        finally:
            log.append(i)
    else:
        return "ran out"
    return "left"


for way in "return", "break", "continue", "raise", "nothing":
    run(lambda: ways(way))
# expect: returned [0]
# expect: left [0]
# expect: ran out [0, 1, 2]
# expect: ('ValueError', (0,)) [0]
# expect: ran out [0, 1, 2]












def replaced(way):
    for i in range(3):
        try:
            raise KeyError(i)
        finally:
            if way == "return":
                return i
            if way == "break":
                break
            if way == "raise":
                raise TypeError("instead")
    return way


for way in "return", "break", "raise", "nothing":
    run(lambda: replaced(way))
# expect: 0 []
# expect: break []
# expect: ('TypeError', ('instead',)) []
# expect: ('KeyError', (0,)) []










def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            log.append(1)
            try:
                raise ValueError("in finally")
            except ValueError:
                log.append(2)
            finally:
                log.append(3)
    except KeyError as error:
        log.append(error.args)
    return "done"


run(nested)  # expect: done [1, 2, 3, ('inner',)]


# The name of the exception is gone after its handler; a name from before as well.
def forgotten():
    error = "before"
    try:
        raise ValueError
    except ValueError as error:
        pass
    try:
        return error
    except NameError:
        return "gone"


run(forgotten)  # expect: gone []


# A bare raise raises what is being handled, also after another one has been.
def outer():
    try:
        raise KeyError("again")
    except KeyError:
        try:
            raise ValueError
        except ValueError:
            log.append("inner")
        raise


run(outer)  # expect: ('KeyError', ('again',)) ['inner']


# An error in a handler, in else, and while looking for a handler.
def in_handler():
    try:
        raise KeyError
    except KeyError:
        raise IndexError("from handler")
    finally:
        log.append("finally")


def in_else():
    try:
        pass
    except ValueError:
        log.append("not here")
    else:
        raise ValueError("from else")


run(in_handler)  # expect: ('IndexError', ('from handler',)) ['finally']
run(in_else)  # expect: ('ValueError', ('from else',)) []


class Own(ValueError):
    pass


class Other(Own):
    pass


for kind in Own, Other, KeyError:
    try:
        raise kind("x")
    except KeyError as error:
        print("key", type(error).__name__)
    except ValueError as error:
        print("value", type(error).__name__, error.args)
# expect: value Own ('x',)
# expect: value Other ('x',)
# expect: key KeyError







# Returns of both: the last one counts; and a generator's finally runs when it is closed.
def both():
    try:
        return "try"
    finally:
        return "finally"


def generate():
    try:
        yield 1
        yield 2
    finally:
        log.append("closed")


generator = generate()
del log[:]
print(both(), next(generator), generator.close(), log)  # expect: finally 1 None ['closed']
assert True, "not seen"
try:
    assert 1 > 2, "seen " + str(3)
except AssertionError as error:
    print(error.args)  # expect: ('seen 3',)
try:
    assert not "text"
except AssertionError as error:
    print(error.args)  # expect: ()
