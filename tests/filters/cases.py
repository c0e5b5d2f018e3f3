"""Cases of the filter language, written from the text and the grammar of AIP-160."""

from types import MappingProxyType
from typing import Any

from fireworks_gateway import Unrecognized

# fmt: off

# Filters, and their text with every parenthesis of their structure.
VALID: list[tuple[str, str]] = [
    # filter: [expression]
    ("\t\n", ""), ("  prod\n", "prod"),
    # expression: sequence {WS AND WS sequence}
    ("a AND b AND c", "a AND b AND c"), ("a\n\tAND\n\tb", "a AND b"), ("a b AND c AND d", "(a b) AND c AND d"),
    ("(a AND b) AND c", "(a AND b) AND c"), ("a AND (b AND c)", "a AND (b AND c)"),
    # sequence: factor {WS factor}
    ("Victor Hugo", "Victor Hugo"), ("a  b\tc", "a b c"),
    ("New York Giants OR Yankees", "New York (Giants OR Yankees)"), ("(a b) c", "(a b) c"),
    ("a = 1 b = 2", "a = 1 b = 2"),
    # factor: term {WS OR WS term}
    ("a < 10 OR a >= 100", "a < 10 OR a >= 100"), ("a OR b OR c", "a OR b OR c"), ("a AND b OR c", "a AND (b OR c)"),
    ("a OR b AND c", "(a OR b) AND c"), ("a OR b AND c OR d", "(a OR b) AND (c OR d)"),
    ("a OR (b AND c)", "a OR (b AND c)"), ("a b OR c d", "a (b OR c) d"),
    # The operators are in capitals.
    ("a and b", "a and b"), ("a or b", "a or b"), ("not a", "not a"), ("ORANGE OR NOTE", "ORANGE OR NOTE"),
    ("a ANDb", "a ANDb"),
    # term: [(NOT WS | MINUS)] simple
    ("NOT\ta", "NOT a"), ("-a", "NOT a"), ("-(a OR b)", "NOT (a OR b)"), ('-file:".java"', 'NOT file:".java"'),
    ("-a = 1", "NOT a = 1"), ("NOT a AND b", "NOT a AND b"), ("NOT a OR b", "NOT a OR b"), ("a -b", "a NOT b"),
    ("a OR -b", "a OR NOT b"), ("NOT (NOT a)", "NOT (NOT a)"), ("-30", "-30"), ("-2.5", "-2.5"), ("NOT 30", "NOT 30"),
    ("NOT (-30)", "NOT (-30)"), ("-2.5 >= -2.4", "NOT 2.5 >= -2.4"),
    # restriction: comparable [comparator arg]
    ("package=com.google", "package = com.google"), ("msg != 'hello'", 'msg != "hello"'), ("1 > 0", "1 > 0"),
    ("2.5 >= 2.4", "2.5 >= 2.4"), ("yesterday < request.time", "yesterday < request.time"),
    ("experiment.rollout <= cohort(request.user)", "experiment.rollout <= cohort(request.user)"),
    ("map:key", "map:key"), ("a=1", "a = 1"), ("a  \n =\t1", "a = 1"), ("a<1", "a < 1"), ("a<=1", "a <= 1"),
    ("a>1", "a > 1"), ("a>=1", "a >= 1"), ("a!=1", "a != 1"), ("a : 1", "a:1"), ("a:*", "a:*"),
    # member: value {DOT field}, field: value | keyword
    ("expr.type_map.1.type = x", "expr.type_map.1.type = x"), ("a.AND = 1", "a.AND = 1"), ("a.OR.NOT:x", "a.OR.NOT:x"),
    ('a."b c".d = 1', 'a."b c".d = 1'), ('"a" = 1', "a = 1"), ("'a b' = 1", '"a b" = 1'), ('"AND" = 1', '"AND" = 1'),
    ('a."" = 1', 'a."" = 1'), ('"2.5" = 1', '"2.5" = 1'), ("_a-b/c+d = 1", "_a-b/c+d = 1"),
    ("naïve.größe = 1", "naïve.größe = 1"),
    # function: name {DOT name} LPAREN [argList] RPAREN
    ("regex(m.key, '^.*prod.*$')", 'regex(m.key, "^.*prod.*$")'), ("math.mem('30mb')", 'math.mem("30mb")'),
    ("(msg.endsWith('world') AND retries < 10)", 'msg.endsWith("world") AND retries < 10'), ("f( )", "f()"),
    ("f(a,b ,c)", "f(a, b, c)"), ("f( a )", "f(a)"), ("f(g(a))", "f(g(a))"), ("f(-1)", "f(-1)"), ("f((a))", "f(a)"),
    ("f((a = 1 OR b))", "f((a = 1 OR b))"), ("f() = 1", "f() = 1"), ("NOT(a)", "NOT(a)"), ("a AND()", "a AND()"),
    ("AND.OR.NOT()", "AND.OR.NOT()"), ("f (a)", "f a"), ("NOT f(a)", "NOT f(a)"),
    # composite: LPAREN expression RPAREN
    ("(a)", "a"), ("( a )", "a"), ("(\n(a OR b)\n)", "a OR b"), ("(a) AND (b)", "a AND b"), ("(a) (b)", "a b"),
    # arg: comparable | composite
    ("a = (1)", "a = 1"), ("a = ((1))", "a = 1"), ("a = (1 OR 2)", "a = (1 OR 2)"), ("a:(x AND -y)", "a:(x AND NOT y)"),
    ("a >= (-2.4)", "a >= -2.4"), ("a = (-1 OR -2)", "a = (-1 OR -2)"), ("a = (NOT 1)", "a = (NOT 1)"),
    ("a = f(b)", "a = f(b)"), ("a = b.AND", "a = b.AND"),
    # Literals
    ("a = true", "a = true"), ("a = 1e-9", "a = 1e-9"), ("a = 1E+9", "a = 1E+9"), ("a = -2.5e-3", "a = -2.5e-3"),
    ("a > -1.5s", "a > -1.5s"), ("a = 1.2s", "a = 1.2s"),
    ("a = 2012-04-21T11:30:00-04:00", "a = 2012-04-21T11:30:00-04:00"),
    ("a=2012-04-21T11:30:00.123456789Z", "a = 2012-04-21T11:30:00.123456789Z"),
    ("(a>2012-04-21T11:30:00Z)", "a > 2012-04-21T11:30:00Z"),
    ('a = timestamp("2025-01-01T00:00:00Z")', 'a = timestamp("2025-01-01T00:00:00Z")'),
    ('a = duration("20s")', 'a = duration("20s")'), ("a = *", "a = *"), ('a = "*.foo"', 'a = "*.foo"'),
    ('a = ""', 'a = ""'), ('a = "x y"', 'a = "x y"'), ('a = "AND"', 'a = "AND"'),
    ("""a = 'say "x"'""", r'a = "say \"x\""'), ("a = 'it\\'s'", 'a = "it\'s"'), (r'a = "\\"', r'a = "\\"'),
    (r'a = "\x41\u0042\U00000043\104"', 'a = "ABCD"'), (r'a = "\t"', r'a = "\u0009"'),
    ('a = "(b OR c) = :"', 'a = "(b OR c) = :"'), ('"hello world"', '"hello world"'),
    (r'a = "\a\b\f\n\r\v\?\`\X41\U0010fffd\377"', r'a = "\u0007\u0008\u000c\u000a\u000d\u000b?`A' + '\U0010fffdÿ"'),
    ("(" * 64 + "a" + ")" * 64, "a"),
    ("accounts/fireworks/models/llama-v3p1-8b", "accounts/fireworks/models/llama-v3p1-8b"),
]

INVALID: list[str] = [
    "AND", "OR", "NOT", "-", "AND a", "a AND", "a NOT", "a AND AND b", "a OR OR b", "a AND OR b", "a OR AND b",
    "a AND NOT", "NOT NOT a", "NOT -a", "-NOT a", "--a", "- a", "NOT = true", "AND = true", "a = AND", "a = NOT b",
    "a = -", "a = -b", "a = -f()", "a =", "= a", "=", "a == b", "a =< b", "a ! b", "a = b = c", "a <> b", "a:", "a::b",
    "()", "(", ")", "(a", "a)", "((a)", "(a))", "a (", "a = ()", "a = (1", "(a) = 1", "(-2.5) >= -2.4", "(a)(b)",
    "(a)b", "a(b)c", ".a", "a.", "a..b", "a. b", "a .b", '"a', "\"a'", 'a = "b\\"', 'a = "b"c', 'a"b"', '"a""b"',
    r'a = "\q"', r'a = "\26"', r'a = "\400"', r'a = "\xg0"', r'a = "\u12"', r'a = "\U00110000"', '"f"()', 'a."f"()',
    "f(", "f(a", "f(a,", "f(a,)", "f(,a)", "f(a b)", "f(a = 1)", "NOT(a = 1)", "f(AND)", "f(-a)", "a, b", "a]",
    "a\x7fb", "a = 2012-04-21T11:30:00.1234567890Z", "a[0] = 1", "a = [1]", "a = 2012-04-21T11:30:00", "a\x00b",
    "a = \ud800", 'a = "\udfff"', "(" * 65 + "a" + ")" * 65, "NOT (" * 64 + "a" + ")" * 64,
]

PET: dict[str, Any] = {
    "name": "Rex", "age": 7, "weight": 4.5, "good": True, "bad": False, "born": "2018-05-01T12:00:00Z", "nap": "90s",
    "steps": "9007199254740993", "kind": "DOG", "owner": {"givenName": "Ann", "pets": 0, "address": None},
    "toys": ["ball", "bone", 3], "vets": [{"name": "Bo", "tags": ["a", "b"]}, {"name": "Cy", "city": {"name": "Ulm"}}],
    "labels": {"colour": "brown", "size": "", "3": "three"}, "gone": None, "empty": "", "zero": 0, "none": [],
    "nothing": {}, "chipNumber": 5, "v2": "x",
}

# Filters on the pet, and their results.
PET_FILTERS: list[tuple[str, bool]] = [
    ("", True),
    # Literals match anywhere in the values.
    ("Rex", True), ("Re", True), ("rex", False), ('"Rex"', True), ("Ulm Rex", True), ("Ulm Max", False),
    ("Ulm OR Max", True), ("7", True), ("66", False), ('"7"', True), ('"R*x"', True), ('"R*y"', False), ("4.5", True),
    ("-7", False), ("NOT Rex", False), ("-Max", True), ("colour", False), ("bone AND brown", True),
    # A name alone refers to a flag.
    ("good", True), ("bad", False), ("NOT bad", True),
    # =, by the type of the value
    ("name = Rex", True), ('name = "Rex"', True), ("name = rex", False), ("age = 7", True), ("age = 7.0", True),
    ("age = 70e-1", True), ('age = "7"', False), ("age = seven", False), ("weight = 4.5", True), ("good = true", True),
    ("good = TRUE", False), ("good = 1", False), ('good = "true"', False), ("kind = DOG", True), ("kind = dog", False),
    ("steps = 9007199254740993", True), ("steps = 9007199254740992", False), ("empty = ''", True),
    # !=
    ("name != Max", True), ("name != Rex", False), ("age != 8", True), ("age != seven", True), ("good != true", False),
    ("good != false", True),
    # Order
    ("age <= 7", True), ("age > 6.9", True), ("age > -1", True), ("name > Max", True), ('name <= "Rex"', True),
    ("name < a", True), ('age < "8"', False), ("age > Max", False), ("good >= true", False),
    ("steps > 9007199254740992", True),
    # Timestamps and durations
    ("born = 2018-05-01T12:00:00Z", True), ('born = "2018-05-01T14:00:00+02:00"', True),
    ("born < 2018-05-01T12:00:00.000000001Z", True), ("born >= 2018-05-01T07:30:00-05:00", False),
    ('born < timestamp("2019-01-01T00:00:00Z")', True), ('born != timestamp("2018-05-01T12:00:00.000Z")', False),
    ('name != timestamp("2018-05-01T12:00:00Z")', True), ('name > timestamp("2018-05-01T12:00:00Z")', False),
    ("nap = 90.0s", True), ("nap > 9s", True), ('nap = duration("1m30s")', True), ('nap > duration("1h")', False),
    ('nap = duration("90000ms")', True), ('nap = duration("90000000us")', True),
    ('nap = duration("90000000\u00b5s")', True), ('nap = duration("90000000000ns")', True), ("nap > -1s", True),
    ('nap = duration("0.025h")', True), ('nap > duration("-1h")', True),
    # Wildcards
    ('name = "*"', True), ('name = "R*"', True), ('name = "*x"', True), ('name = "*e*"', True), ('name = "R*x"', True),
    ('name = "Re*ex"', False), ('name = "*R"', False), ("name = R*", False), ('name != "R*"', False),
    ('name != "S*"', True),
    # An unset field matches nothing, whatever the comparator.
    ("gone = 1", False), ("gone != 1", False), ("lost != 1", False), ("NOT lost = 1", True), ("gone < 1", False),
    ("lost.deep != 1", False), ("gone.deep != 1", False), ("owner.address.city != Ulm", False),
    ("owner.lost != 1", False),
    # Traversal
    ("owner.given_name = Ann", True), ("owner.givenName = Ann", True), ("owner.given_name != Bob", True),
    ('owner."given_name" = Ann', True), ("labels.3 = three", True), ("name.x = 1", False), ("name.x != 1", False),
    ("chip_number = 5", True), ("chipNumber = 5", True), ("v2 = x", True),
    # Only ":" traverses a list.
    ("toys = ball", False), ("toys != ball", False), ("vets.name = Bo", False), ("vets.name != Bo", False),
    ("vets.0.name:Bo", False),
    # ":" on lists
    ("toys:ball", True), ('toys:"ball"', True), ("toys:bal", False), ("toys:3", True), ("toys:4", False),
    ("toys:*", True), ("none:*", False), ("none:x", False), ("vets.name:Cy", True), ("vets.name:Di", False),
    ("vets.tags:b", True), ("vets.city.name:Ulm", True), ("vets.city:*", True), ("vets.lost:*", False),
    ("toys:(ball AND bone)", True), ("toys:(ball AND bell)", False), ("toys:(bell OR bone)", True),
    # ":" on maps and messages
    ("labels:colour", True), ("labels:size", True), ("labels:shape", False), ("labels.colour:*", True),
    ("labels.colour:brown", True), ("labels.colour:red", False), ("labels:*", True), ("nothing:*", False),
    ("owner:*", True), ("owner:given_name", True), ("owner.given_name:*", True), ("owner.pets:*", False),
    ("owner:address", False), ("lost:*", False), ("NOT lost:*", True),
    # A present field differs from its default.
    ("name:*", True), ("empty:*", False), ("zero:*", False), ("bad:*", False), ("age:7", True), ("name:Re", False),
    # Composite arguments
    ("age = (6 OR 7)", True), ("age = (6 OR 8)", False), ("age != (6 OR 7)", False), ("age != (6 OR 8)", True),
    ("age > (3 AND 5)", True), ("age = (NOT 6)", True), ("lost = (NOT 6)", False), ('name = ("M*" OR "R*")', True),
    # Precedence
    ("name = Max AND age = 7 OR good = true", False), ("name = Rex OR name = Max AND age = 8", False),
    ("age = 8 OR age = 7 name = Rex", True), ("NOT name = Max OR age = 8", True), ("-(name = Rex AND age = 7)", False),
    ("name = Rex age = 8", False),
]

# Filters, JSON objects, and the results.
RECORD_FILTERS: list[tuple[str, Any, bool]] = [
    # A name matches both spellings of a key, at each step of a path; the same spelling comes first.
    ("context_length = 1", {"contextLength": 1}, True), ("contextLength = 1", {"context_length": 1}, True),
    ("context_length = 1", {"context_length": 1}, True), ("a_1 = 1", {"a1": 1}, True),
    ("Some_Name = 1", {"Some_Name": 1}, True), ("someName.other_part = 1", {"some_name": {"otherPart": 1}}, True),
    ("someName.otherPart:1", {"some_name": [{"other_part": 1}]}, True), ("a_b = 1", {"aB": 2, "a_b": 1}, True),
    ("contextlength = 1", {"contextLength": 1}, False), ("contextLength = 1", {"contextlength": 1}, False),
    # A negation to the right of ":" applies to set values only.
    ("tags:(NOT x)", {"tags": ["y"]}, True), ("tags:(NOT x)", {"tags": ["x"]}, False),
    ("tags:(NOT x)", {"tags": ["x", "y"]}, False), ("tags:(NOT x)", {"tags": None}, False), ("tags:(NOT x)", {}, False),
    # Numbers are ordered as numbers, and so are texts of digits, unless the literal is in quotes. Flags have no order.
    ("a > 0.2", {"a": 0.5}, True), ("a < 0.5", {"a": 0.5}, False), ("a <= 0.5", {"a": 0.5}, True),
    ("a > 0.5", {"a": 0.5}, False), ("a >= 0.5", {"a": 0.5}, True), ("a > 9", {"a": "10"}, True),
    ('a > "9"', {"a": "10"}, False), ("a > 0", {"a": True}, False), ("a >= 0", {"a": None}, False),
    ("a < b", {"a": 1}, False),
    # A literal alone matches a flag, a set field at a path, a part of a text, or a number.
    ("a", {"a": True}, True), ("a", {"a": False}, False), ("a", {"a": 5}, False), ("a", {"x": "bab"}, True),
    ("a.b", {"a": {"b": True}}, True), ("a.b", {"a": {"b": 5}}, True), ("a.b", {"a": {"b": 0}}, False),
    ("a.b", {"x": ["a.b"]}, True), ("5", {"x": 5}, True), ('"5"', {"x": {"y": 5}}, True), ('"a*"', {"x": "ab"}, True),
    ('"a*"', {"x": "ba"}, False), ("true", {"x": True}, False),
    # Objects can be read-only, lists can be tuples or nested, and enums are strings.
    ("kind = NEW", {"kind": Unrecognized("NEW")}, True), ("m.k = 1", {"m": MappingProxyType({"k": 1})}, True),
    ("m:k", {"m": MappingProxyType({"k": 1})}, True), ("m != c", {"m": MappingProxyType({"k": 1})}, False),
    ("tags:b", {"tags": ("a", "b")}, True), ('tags:"a*"', {"tags": ("a", "b")}, False),
    ("tags:3", {"tags": [1, (2, [3]), [], [[4]]]}, True),
]

# Filters that parse, but do not evaluate.
NOT_EVALUABLE: list[str] = [
    "f()", "f() = 1", "a = f(b)", "NOT(a)", "AND()", "a = now()", 'a = timestamp("yesterday")',
    'a = timestamp("2025-02-30T00:00:00Z")', "a = timestamp()", 'a = duration("long")', 'a = duration("1s", "2s")',
    'timestamp("2025-01-01T00:00:00Z") < a', 'duration("1s")', "a = (b = 1)", "a:(b AND c < 1)", "x OR f()",
]

# Filters on models, and the checked filter; None if it is rejected.
MODEL_FILTERS: list[tuple[str, str | None]] = [
    ("base_model_details.moe", "base_model_details.moe = true"), ("flag = false", "flag = false"),
    ("kind != HF_BASE_MODEL", "kind != HF_BASE_MODEL"), ("flag != true", "flag != true"), ("child_list.main", None),
    ("child_list.state:*", "child_list.state:*"), ("", ""), ("supports_serverless=true", "supports_serverless = true"),
    ("supportsServerless = true", "supports_serverless = true"),
    ("supports_serverless AND -second_flag", "supports_serverless = true AND NOT second_flag = true"),
    ("second_flag = TRUE", None), ('second_flag = "true"', None), ("second_flag > false", None),
    ('kind != "HF_BASE_MODEL"', 'kind != "HF_BASE_MODEL"'), ("kind = hf_base_model", None), ('kind = "HF_*"', None),
    ("kind:HF_BASE_MODEL", None), ("kind:*", "kind != KIND_UNSPECIFIED"),
    ("state = (READY OR UPLOADING)", "state = (READY OR UPLOADING)"), ("state = (READY OR LOST)", None),
    ("context_length >= 32768", "context_length >= 32768"), ("context_length = -1", "context_length = -1"),
    ("context_length = hello", None), ("context_length = 1.5", None), ('context_length = "1"', None),
    ("context_length = 99999999999999999999", None), ("context_length:*", "context_length != 0"),
    ("context_length.x = 1", None),
    ("baseModelDetails.parameterCount > 8000000000", "base_model_details.parameter_count > 8000000000"),
    ("base_model_details.parameter_count:*", "base_model_details.parameter_count != 0"),
    ("base_model_details:moe", "base_model_details.moe = true"), ("base_model_details:wings", None),
    ("base_model_details.moe:true", "base_model_details.moe:true"), ("base_model_details:*", "base_model_details:*"),
    ("base_model_details = x", None), ("text_list:a.json", 'text_list:"a.json"'),
    ("child_list.state:READY", "child_list.state:READY"), ("child_list.state = READY", None),
    ("child_list.0.name:x", None), ("child_list:x", None),
    ("create_time > 2025-01-01T00:00:00Z", "create_time > 2025-01-01T00:00:00Z"),
    ('create_time > "2025-01-01T00:00:00+02:00"', 'create_time > "2025-01-01T00:00:00+02:00"'),
    ('create_time > timestamp("2025-01-01T00:00:00Z")', 'create_time > timestamp("2025-01-01T00:00:00Z")'),
    ('create_time > "2025-01-01"', None), ('create_time > timestamp("2025")', None),
    ('create_time > duration("1s")', None), ('create_time:"2025-01-01T00:00:00Z"', None),
    ("create_time:*", "create_time:*"), ("deprecation_date.year = 2025", "deprecation_date.year = 2025"),
    ("deprecationDate.month >= 6", "deprecation_date.month >= 6"), ("deprecation_date:*", "deprecation_date:*"),
    ('deprecation_date = "2025-01-01"', None), ("deprecation_date.hour = 1", None),
    ("number_map.top_k >= 40", "number_map.top_k >= 40"),
    ("number_map.anything = 1.5e3", "number_map.anything = 1.5e3"), ("number_map.top_k = many", None),
    ("number_map:top_k", "number_map:top_k"), ("number_map.top_k:*", 'number_map:"top_k"'), ("number_map = 1", None),
    ("display_name = 42", 'display_name = "42"'), ("display_name > a", 'display_name > "a"'),
    ('display_name = "*-preview"', 'display_name = "*-preview"'), ("display_name = a*", "display_name = a*"),
    ('display_name:"x"', 'display_name:"x"'), ('nam = "x"', None), ('status.lost = "x"', None),
    ("status.code = OK", "status.code = OK"), ("Llama", None), ('"Llama 3"', None), ("name", None),
    ("2.5 >= 2.4", None), ("f(name)", None), ("NOT(flag)", None), ('name = (name = "x")', None),
]
