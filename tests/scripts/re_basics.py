# Regular expressions.
# needs: re
import re


def found(pattern, text, *group):
    match = re.search(pattern, text)
    return match and match.group(*group)


print(re.match("a+", "aab").group(0), re.match("b", "ab"), found("b", "ab"))  # expect: aa None b
print(found("a|bc|d", "xbcd"), found("a*", "baa") == "", found("a*?b", "aaab"), found("(a+?)(a*)", "aaa", 1))  # expect: bc True aaab a
print(found("(?:ab)+", "xababa"), found("(a|b)*c", "xabbc", 1), found("^b", "ab"), found("b$", "abab"))  # expect: abab b None b
print(found(r"\d+", "a12b"), found(r"\W", "a_1-"), found(r"[\d_]+", "a1_2-"), found(r"[^\s]+", " \tx y"), found(r"[\D]+", "12ab3"))  # expect: 12 - 1_2 x ab
print(found(r"\.", "a.b"), found("[a-c-]+", "x-ab-"), found("[]", "x"), found("[^]", "x"))  # expect: . -ab- None x
match = re.compile("(a)(b)?(c(d)?)").search("xxacdacd")
print(match.groups(), match.group(3), match.span(), match.start(2), match.end(3))  # expect: ('a', None, 'cd', 'd') cd (2, 5) -1 5
print(re.search("é.", "aéßb").group(0), re.search("ß", "aéßb").span(), re.search(b"[\x80-\xff]+", "aéb".encode()).group(0))  # expect: éß (2, 3) b'\xc3\xa9'
for wrong in "(", ")", "[a", "*", "a**", "(?a)", "\\", "(" * 40 + ")" * 40:
    try:
        re.compile(wrong)
        print("taken", wrong)
    except ValueError:
        pass
for group in 5, -1:
    try:
        match.group(group)
    except IndexError as error:
        print(error, end=";")
print()  # expect: 5;-1;
print(re.compile(r"\s*,\s*").split("a , b,c ,d"), re.compile("x").split("axbxc", 1), re.compile("x*").split("ab"))  # expect: ['a', 'b', 'c', 'd'] ['a', 'bxc'] ['ab']
print(re.sub("a(.)", r"<\1\g<0>\\>", "abcad"), re.sub("b", lambda m: m.group(0) * 2, "abab", 1), re.sub("x", "y", "abc"))  # expect: <bab\>c<dad\> abbab abc
print(re.compile("a").match("bab", 1).span(), re.compile("b$").search("abab", 0, 3), re.compile("^a").search("aa", 1))  # expect: (1, 2) None None
# No pattern takes time without end.
print(re.match("(a*)*b", "a" * 200), re.match("(a|aa)+$", "a" * 200) is not None)  # expect: None True
