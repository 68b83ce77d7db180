# A closure's cells are its first arguments inside; nobody else can give them.


def outer():
    x = 5

    def f(a):
        return x + a

    print(f(1))  # expect: 6
    for wrong in ((1, 2), (1, 2, 3), ()):
        try:
            f(*wrong)
        except TypeError as e:
            print(e)
    # expect: f() takes 1 positional arguments but 2 were given
    # expect: f() takes 1 positional arguments but 3 were given
    # expect: f() takes 1 positional arguments but 0 were given


outer()
