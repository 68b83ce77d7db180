# machine.Signal: a pin by what it means; and calling instances of what derives from native types.
# needs: weakref
import machine
import weakref


class Pin(machine.PinBase):
    def __init__(self, level=0):
        self.level = level

    def value(self, level=None):
        if level is None:
            return self.level
        print("level", level)
        self.level = int(level)


plain = machine.Signal(Pin())
print(plain(), plain.value())  # expect: 0 0
plain(5)  # expect: level True
plain.off()  # expect: level False
plain.on()  # expect: level True
print(plain(), plain.value())  # expect: 1 1
turned = machine.Signal(Pin(1), invert=True)
print(turned(), turned.value())  # expect: 0 0
turned.on()  # expect: level False
turned.value(0)  # expect: level True
twice = machine.Signal(turned, invert=1)
print(turned(), twice())  # expect: 0 1
twice.off()  # expect: level False
print(turned(), twice())  # expect: 1 0


class Named(machine.Signal):
    def both(self):
        return self(), self.value()


print(Named(Pin(42))(), Named(Pin(1), invert=True).both(), callable(Named(Pin())))  # expect: 42 (0, 0) True
print(callable(Pin()), callable(machine.PinBase()))  # expect: False False
for wrong in (
    lambda: machine.Signal(),
    lambda: machine.Signal(Pin(), 1),
    lambda: machine.Signal(Pin(), other=1),
    lambda: Pin()(),
    lambda: plain(1, 2),
):
    try:
        print(wrong())
    except TypeError:
        print("TypeError")
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
# expect: TypeError
try:
    machine.Signal(5)()
except AttributeError as error:
    print(error)  # expect: 'int' object has no attribute 'value'


class Ref(weakref.ref):
    pass


pin = Pin()
ref = Ref(pin)
print(ref() is pin, callable(ref))  # expect: True True


class Over(Ref):
    def __call__(self):
        return "own"


print(Over(pin)())  # expect: own
