# json: writing, reading, bad texts, deep texts.
# needs: json
import io
import json


def refused(text):
    try:
        json.loads(text)
    except ValueError:
        return True
    return False


print(json.dumps([1, -2.5, True, False, None, "a"]), json.dumps({}), json.dumps([]), json.dumps({"a": {"b": [1]}}))  # expect: [1, -2.5, true, false, null, "a"] {} [] {"a": {"b": [1]}}
print(json.dumps((1, 2)), json.dumps({1: 2, None: 3, "x": 4}), json.dumps('q"\\\n\t\r'), json.dumps("\x01"), json.dumps(2**70))  # expect: [1, 2] {"1": 2, "null": 3, "x": 4} "q\"\\\n\t\r" "\u0001" 1180591620717411303424
print(json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps({"k": [1, 2]}, separators=(" , ", "=")))  # expect: [1,{"a":2}] {"k"=[1 , 2]}
print(json.loads("[1, 2.5, -3e2, true, false, null]"), json.loads(' {"a" : {"b":[]} } '), json.loads('"x"'), json.loads("7"), json.loads("1180591620717411303424"))  # expect: [1, 2.5, -300.0, True, False, None] {'a': {'b': []}} x 7 1180591620717411303424
print(json.loads('"\\u00e9\\n\\t\\"\\\\\\/\\b"') == 'é\n\t"\\/\b', json.loads('"\\ud83d\\ude00"') == "\U0001f600", json.loads(b'{"k": "v"}'), json.loads(bytearray(b"[0]")))  # expect: True True {'k': 'v'} [0]
print([text for text in ("", "[", "]", "{", "[1,]", "[1 2]", '{"a"}', '{"a":}', '{"a":1,}', "{1:2}", "[1}", "nul", "tru", '"abc', '"\\x"', '"\\u12"', "1 2", "[1]x", "-", "+1", "--1", "1e") if not refused(text)])  # expect: []
stream = io.StringIO()
json.dump({"list": [1, 2], "text": "ü"}, stream, separators=(", ", ": "))
stream.seek(0)
print(json.load(stream))  # expect: {'list': [1, 2], 'text': 'ü'}
deep = "[" * 300 + "]" * 300
value = json.loads(deep)
depth = 0
while value:
    value = value[0]
    depth += 1
print(depth)  # expect: 299
text = json.dumps([{"id": n, "name": "n%d" % n, "tags": ["a", "b"]} for n in range(100)])
again = json.loads(text)
print(len(text), again[99]["name"], again[0] == {"id": 0, "name": "n0", "tags": ["a", "b"]}, json.dumps(again) == text)  # expect: 4680 n99 True True


class Name(str):
    pass


class Bag(dict):
    pass


print(json.dumps([Name("n"), Bag(a=1)]))  # expect: ["n", {"a": 1}]
