# The board itself: its clock, its number, its network interface.
# only: board
# needs: network calendar
import machine
import network

rtc = machine.RTC()
rtc.datetime((2024, 2, 29, 4, 23, 59, 58, 0))
print(rtc.datetime()[:6], rtc.datetime()[3])  # expect: (2024, 2, 29, 4, 23, 59) 4
import time

print(time.localtime()[:5], time.time() - time.mktime((2024, 2, 29, 23, 59, 58, 0, 0)) < 60)  # expect: (2024, 2, 29, 23, 59) True
try:
    rtc.datetime((2024, 2))
except ValueError as error:
    print(error)  # expect: datetime needs a tuple of length 8
print(len(machine.unique_id()), machine.freq() > 1000000, machine.idle())  # expect: 16 True None
lan = network.LAN()
print(lan is network.LAN(), lan.active(True), lan.active(), lan.isconnected(), lan.status())  # expect: True None True True 3
print(lan.ifconfig("dhcp"), len(lan.ifconfig()), len(lan.config("mac")), lan)  # expect: None 4 6 <ETH 3 127.0.0.1>
lan.ifconfig(("10.0.0.2", "255.255.255.0", "10.0.0.1", "8.8.8.8"))
print(lan.ifconfig(), lan.ipconfig("addr4"), lan.ipconfig("gw4"))  # expect: ('10.0.0.2', '255.255.255.0', '10.0.0.1', '8.8.8.8') ('10.0.0.2', '255.255.255.0') 10.0.0.1
lan.ipconfig(dhcp4=True)
network.hostname("octopus")
print(network.hostname(), lan.config("hostname"))  # expect: octopus octopus
for action in (lambda: lan.config("nothing"), lambda: lan.ifconfig(("1.2.3.4",)), lambda: lan.ifconfig(("1.2.3.4", "x", "", ""))):
    try:
        action()
    except ValueError as error:
        print(error)
# expect: unknown config param
# expect: invalid arguments
# expect: invalid arguments
lan.active(False)
print(lan.active(), lan.isconnected(), lan.status())  # expect: False False 0
lan.active(True)
