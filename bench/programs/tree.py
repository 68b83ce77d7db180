# A reader and writer of a JSON-like text in Python: strings by character, nested lists and dicts.
# turns: 250

SOURCE = """{"name": "board", "ports": [1, 2, 3, 40, 500], "on": true, "off": false,
 "nested": {"a": [[], [1], [1, 2]], "b": {"c": "text with spaces", "d": null}},
 "list": [{"x": 1, "y": -2}, {"x": 3, "y": -4}, {"x": 5, "y": -6}]}"""


class Reader:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def skip(self):
        text = self.text
        while text[self.at] in " \n":
            self.at += 1
        return text[self.at]

    def word(self, word, value):
        if self.text[self.at : self.at + len(word)] != word:
            raise ValueError(word)
        self.at += len(word)
        return value

    def string(self):
        self.at += 1
        start = self.at
        while self.text[self.at] != '"':
            self.at += 1
        self.at += 1
        return self.text[start : self.at - 1]

    def number(self):
        start = self.at
        while self.text[self.at] in "-0123456789":
            self.at += 1
        return int(self.text[start : self.at])

    def value(self):
        first = self.skip()
        if first == "{":
            self.at += 1
            made = {}
            while self.skip() != "}":
                name = self.string()
                self.skip()
                self.at += 1
                made[name] = self.value()
                if self.skip() == ",":
                    self.at += 1
                    self.skip()
            self.at += 1
            return made
        if first == "[":
            self.at += 1
            made = []
            while self.skip() != "]":
                made.append(self.value())
                if self.skip() == ",":
                    self.at += 1
            self.at += 1
            return made
        if first == '"':
            return self.string()
        if first == "t":
            return self.word("true", True)
        if first == "f":
            return self.word("false", False)
        if first == "n":
            return self.word("null", None)
        return self.number()


def write(value, out):
    if isinstance(value, dict):
        out.append("{")
        for name in sorted(value):
            out.append('"' + name + '":')
            write(value[name], out)
            out.append(",")
        out[-1] = "}"
    elif isinstance(value, list):
        out.append("[")
        for item in value:
            write(item, out)
            out.append(",")
        out.append("]")
    elif isinstance(value, str):
        out.append('"%s"' % value)
    else:
        out.append(str(value))


def run(turns):
    text = ""
    for _ in range(turns):
        out = []
        write(Reader(SOURCE).value(), out)
        text = "".join(out)
    return len(text), text[-20:]
