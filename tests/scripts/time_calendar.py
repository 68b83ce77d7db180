# The calendar and the clocks.
# needs: calendar
import time

start = 946684800 if time.gmtime(0)[0] == 1970 else 0
print(time.gmtime(start), time.gmtime(start + 60 * 86400 - 1))  # expect: (2000, 1, 1, 0, 0, 0, 5, 1) (2000, 2, 29, 23, 59, 59, 1, 60)
print(time.mktime((2024, 2, 29, 12, 30, 15, 0, 0)) - start, time.mktime((2024, 14, 1, 0, 0, 0, 0, 0)) - start)  # expect: 762525015 791683200
for moment in (start, start + 1, start + 800000000):
    print(time.mktime(time.localtime(moment)) == moment)
# expect: True
# expect: True
# expect: True
try:
    time.mktime((2000, 1, 1))
except TypeError as error:
    print(error)  # expect: mktime needs a tuple of length 8 or 9
print(time.localtime()[0] >= 2000, len(time.gmtime()), time.time_ns() // 10**9 - int(time.time()) in (0, 1))  # expect: True 8 True
print(time.ticks_diff(5, 3), time.ticks_diff(3, 5), time.ticks_add(0, -1) > 10**6)  # expect: 2 -2 True
last = time.ticks_add(0, -1)
print(time.ticks_diff(0, last), time.ticks_diff(time.ticks_add(last, 10), last), time.ticks_add(last, 1))  # expect: 1 10 0
try:
    time.ticks_add(0, last)
except OverflowError as error:
    print(error)  # expect: ticks interval overflow
before = time.ticks_us()
time.sleep_ms(2)
time.sleep_us(10)
time.sleep(0.001)
time.sleep(0)
time.sleep(-1)
time.sleep_ms(-5)
after = time.ticks_us()
print(time.ticks_diff(after, before) >= 3010, time.ticks_diff(time.ticks_cpu(), before) >= 0)  # expect: True True
