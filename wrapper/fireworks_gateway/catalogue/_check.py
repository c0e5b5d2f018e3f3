"""Find the names of models in texts, and check them against a catalogue."""

import re
from collections.abc import Iterable, Mapping, Set
from datetime import date, timedelta
from typing import Self, TypeAlias
from urllib.parse import unquote

from attrs import field, frozen

from .._model import Model
from .._serving import ServingStatus, utc_day
from ..errors import did_you_mean, near_names, parameter_error
from ._snapshot import Snapshot, is_limited

HOME = "accounts/fireworks/models/"  # The models of the public catalogue, which short names mean.


class Mention(str):
    """The full name of a model that a text mentions, as a string with a position.

    Attributes:
        form: `name` for a full name, `short` for an ID behind `fireworks_ai/`, `possible` for a text that names a model
            only if the catalogue has it (`fireworks/ID`, the path of a file), `joined` for a string that an expression
            may continue, `template` for a name completed at run time.
        deployment: True if the name is followed by `#`, so that a deployment serves it.
        file: The file, as given to `names_in`.
        line: The line, from 1; lines end at a line feed.
        column: The column of the first character, from 1, in characters.
        end_column: The column behind the last character; on the same line.
    """

    form: str
    deployment: bool
    file: str
    line: int
    column: int
    end_column: int

    def __new__(cls, name: str, form: str = "name", deployment: bool = False) -> Self:
        """Create a mention at the start of a text."""
        self = super().__new__(cls, name)
        self.form, self.deployment = form, deployment
        self.file, self.line, self.column, self.end_column = "", 1, 1, 1 + len(name)
        return self


@frozen
class CheckFinding:
    """The state of a name in a catalogue.

    Attributes:
        level: `error`, `warning`, `note` (cannot be checked) or `ok`.
        code: error: `ended`, `not-ready`, `unknown`; warning: `ending`, `not-serverless`, `unsure`, and `unknown` if a
            snapshot may be older than the model; note: `template`, `placeholder`, `no-model`, `account`, `deployment`;
            ok: `served`.
        name: The full name, with its position in a text.
        message: The reason, as a clause.
    """

    level: str
    code: str
    name: Mention
    message: str

    def __str__(self) -> str:
        return f"{self.level}: {self.name}: {self.message}"


_SLASH = r"(?:/|%(?:25)?2[Ff]|\\+(?:/|u002[Ff]|x2[Ff])|&#(?:x2[Ff]|47);)"
# An ID, which may have encoded punctuation, or continue on the next line after a backslash.
_ID = r"(?:[A-Za-z0-9._-]|%(?:2[DdEe]|5[Ff])|\\\r?\n(?=[A-Za-z0-9._-]))"
_TAGS = (
    "a|abbr|b|big|br|center|code|dd|del|details|div|dl|dt|em|figcaption|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre"
    "|q|s|samp|small|span|strong|sub|summary|sup|svg|table|tbody|td|th|tr|tt|u|ul|var|wbr"
)

# Patterns are texts, so that `re` compiles them on first use: most programs check no names.
_NAME = (
    rf"accounts{_SLASH}(?P<account>(?:[<{{][^<>{{}}\n]{{1,60}}[>}}]|(?!{_SLASH})[^\s/\\\"'`,|]){{1,80}}+)"
    rf"{_SLASH}(?P<kind>models|routers|deployedModels|deployments){_SLASH}(?P<id>{_ID}*+)"
    rf"|(?P<provider>fireworks(?:_ai|-ai)?)(?:{_SLASH}|::?)(?P<short>[A-Za-z0-9]{_ID}*+)(?!{_SLASH}|\w)"
)
# The end of the text before a name: no part of a word, an escape, a colour of a terminal, or an emphasis.
_BEFORE = (
    r"(?:\A|[^A-Za-z0-9_]|%[0-9A-Fa-f]{2}|\\[abefnrtv0]|\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\[[0-9;]*m"
    r"|(?<![A-Za-z0-9_])_{1,3})\Z"
)
# A short name is part of a path or package behind these; but a default of a shell may begin with a hyphen.
_BEFORE_NO_SHORT = rf"(?:[.@]|(?<!:)(?<![A-Z0-9_])-|{_SLASH})\Z"
# The start of something that a program, a template or a reader fills in.
_MARK = (
    r"#?\{(?![\"'] [\"']\})|\$+[\w{(]|%(?![0-9A-Fa-f]{2})[A-Za-z@{(\[1-9]|%(?:7[Bb]|3[Cc]|24)"
    rf"|(?:<|&lt;)(?=[\w%?$])(?!(?:{_TAGS})\b)|(?<![A-Za-z0-9]):(?=[A-Za-z_])|\*(?!\*)|…|\\+[dwDW.({{-]|(?<=\.)\+"
)
_DEPLOYMENT = r"(?:#|%23)(?!\s|\Z)"
_JOINED = r"\\?[\"'`][ \t]*(?:\+|~|\.\.|\.[ \t]*\$|<>)"
_TEMPLATE_ACCOUNT = r"[<>{}$:*\[\](]|^%|&lt;"
_FILE = (
    r"\.(?:py|pyi|ipynb|jsx?|mjs|cjs|tsx?|vue|dart|rb|ex|exs|go|java|kt|swift|php|rs|cs|cpp|c|h|sh|toml|json|ya?ml"
    r"|mdx?|rst|html?|txt|csv|png|svg|webp|jpe?g)\Z"
)
_PLACEHOLDER = (
    r"^(?:your|my|example|test|acct|acme|foo|xxx+|some|dummy|placeholder)(?:[-_]|$)|^(?:your|my)[A-Z]"
    r"|^(?:YOUR|MY)-|^[A-Z][A-Z0-9_]*$|^[a-z]$|^(?:[a-z]+[-_])*model(?:[-_](?:id|name|here|[a-z0-9]))?$|^model(?:Id|Name)$"
)


def names_in(text: str, *, file: str = "") -> list[Mention]:
    """Return the names of models that a text mentions, in the order of the text.

    Full names are found in any format, behind a prefix such as `fireworks_ai/`, with escaped or encoded slashes; so are
    names of routers and deployments, templates and placeholders, which `check` reports as notes. A text without the
    word fireworks has no names, because other programs have such paths. An ID without a prefix is never found.

    Args:
        text: The text, e.g. the content of a file.
        file: A path for `Mention.file`.
    """
    if "fireworks" not in text.lower():
        return []
    names: list[Mention] = []
    # Lines are counted from one name to the next: a file may be a single line with many names.
    line, start_of_line, counted = 1, 0, 0
    for found in re.finditer(_NAME, text):
        if (name := _read_match(found)) is None:
            continue
        start = found.start()
        if lines := text.count("\n", counted, start):
            line, start_of_line = line + lines, text.rfind("\n", counted, start) + 1
        counted = start
        name.file, name.line, name.column = file, line, start - start_of_line + 1
        # Punctuation after the name is excluded, but a mark that continues the name is included.
        behind = len(_decode_id(found)) - len(name.rpartition("/")[2])
        written = text[start : found.end() - behind]
        name.end_column = name.column + len(re.split(r"\\\r?\n", written)[0])
        names.append(name)
    return names


def _read_match(found: re.Match[str]) -> Mention | None:
    """Return the mention for a match of `_NAME`; None if it is something else, such as a path of another program."""
    before = found.string[max(0, found.start() - 12) : found.start()]
    if not re.search(_BEFORE, before):
        return None
    account, kind = unquote(found["account"] or "fireworks"), found["kind"] or "models"
    ident, form = _read_id(found)
    is_file = form != "template" and re.search(_FILE, ident)
    if provider := found["provider"]:
        if form == "template" or is_file or re.search(_BEFORE_NO_SHORT, before):
            return None
        # Without a digit it is rather a package, such as fireworks-ai/cookbook.
        form = "short" if provider != "fireworks" and re.search("[0-9]", ident) else "possible"
    elif is_file:
        if account != "fireworks":
            return None  # Such as accounts/core/models/user.py.
        ident, form = ident.rpartition(".")[0], "possible"
    if re.search(_TEMPLATE_ACCOUNT, account):
        form = "template"
    deployment = form != "template" and re.compile(_DEPLOYMENT).match(found.string, found.end())
    return Mention(f"accounts/{account}/{kind}/{ident}", form, bool(deployment))


def _read_id(found: re.Match[str]) -> tuple[str, str]:
    """Return the last segment of a name, without punctuation of the text around it, and the form of the name."""
    run, dash, _ = _decode_id(found).partition("--")  # A dash, or the end of a comment of HTML.
    if run.endswith("_") and not dash and _is_emphasis(found, "_"):
        run = run.rstrip("_")
    if "..." in run:
        return run[: run.index("...") + 3], "template"
    if not dash and (mark := _find_mark(found)):
        return run + mark, "template"
    name = run.rstrip("._-")
    if not name or not run[0].isalnum():
        return "", "template"
    if run[-1] in "-_":
        return run, "template"
    return name, "joined" if re.compile(_JOINED).match(found.string, found.end()) else "name"


def _find_mark(found: re.Match[str]) -> str:
    """Return the start of a placeholder after a name, such as "{" or "$"; empty without a placeholder."""
    mark = re.compile(_MARK).match(found.string, found.end())
    is_emphasis = mark is not None and mark[0] == "*" and _is_emphasis(found, r"\*")
    return mark[0] if mark is not None and not is_emphasis else ""


def _is_emphasis(found: re.Match[str], sign: str) -> bool:
    """Return whether a sign behind a name ends an emphasis of Markdown that began before it on the line."""
    before = found.string[max(0, found.start() - 200) : found.start()].rpartition("\n")[2]
    begun = len(re.findall(rf"(?<![A-Za-z0-9{sign}]){sign}+(?=[^\s{sign}]|\Z)", before))
    return begun > len(re.findall(rf"[^\s{sign}]{sign}+(?![A-Za-z0-9{sign}])", before))


def _decode_id(found: re.Match[str]) -> str:
    return unquote(re.sub(r"\\\r?\n", "", found["short"] or found["id"]))


def check(
    names: Iterable[str],
    models: Snapshot | Iterable[Model],
    *,
    on: date | None = None,
    within: timedelta = timedelta(days=30),
) -> list[CheckFinding]:
    """Return the state of each name in a catalogue: served, ending soon, ended or unknown.

    There is one finding for each name, in order, with the level `ok` for a model that is served beyond the span. A
    mention that may be something else, such as `fireworks/ID`, has a finding only if it names a model.

    Args:
        names: Full names, or IDs of the account `fireworks`, with or without a provider, or mentions of `names_in`.
        models: The whole catalogue. A name that a snapshot lacks is a warning, because the model may be newer.
        on: The day of the check; today in UTC by default.
        within: The span in which an announced end is a warning. An end without a day counts from its first day.

    Raises:
        ConfigurationError: `names` is a string, or the catalogue has a filter or a limit, or lacks a field that the
            check needs: name, state, supports_serverless, deprecation_date.
        GatewayError: The walk over a listing failed.
    """
    if isinstance(names, str):
        raise parameter_error("names", f"must be a list of names, got {names!r:.200}")
    _check_whole(models)
    known = {name: model for model in models if isinstance(name := model.payload.get("name"), str)}
    accounts = {name.split("/")[1] for name in known if name.count("/") > 1}
    taken = None
    if isinstance(models, Snapshot):
        accounts, taken = accounts | {models.account_id}, models.time.date()
    judge = _Judge(known, accounts or {"fireworks"}, utc_day(on), within, taken)
    return [finding for name in names if (finding := judge.find(_parse_name(name))) is not None]


_FIELDS = ("name", "state", "supports_serverless", "deprecation_date")


def _check_whole(models: Snapshot | Iterable[Model]) -> None:
    """Raise an error for a listing that lacks models or fields: every other name would be unknown."""
    from .._listing.pager import Pager

    if isinstance(models, Snapshot):
        query, limited = models.query, models.partial
    elif isinstance(models, Pager):
        query, limited = models._query.parameters, is_limited(models)
    else:
        return
    mask = {path.strip().replace("_", "").lower() for path in (query.get("read_mask") or "*").split(",")}
    missing = [path for path in _FIELDS if not {"*", path.replace("_", "")} & mask]
    if limited:
        part = "missing models"
    elif query.get("filter"):
        part = f"filter {query['filter']!r}"
    elif missing:
        part = f"a read mask without {', '.join(missing)}"
    else:
        return
    raise parameter_error("models", f"must be the whole catalogue, got one with {part}")


def _parse_name(name: str) -> Mention:
    """Return the mention for an argument that is a name, with no text around it."""
    if isinstance(name, Mention):
        return name
    text = name.strip()
    found = re.search(_NAME, text)
    if found is None or found["account"] is None:
        return Mention(HOME + re.sub(r"^fireworks(?:_ai|-ai)?(?:/|::?)", "", text))
    ident, form = _read_id(found)
    return Mention(f"accounts/{unquote(found['account'])}/{found['kind']}/{ident}", form)


Verdict: TypeAlias = tuple[str, str, str]  # The level, code and message of a finding.


@frozen
class _Judge:
    """The models of some accounts on a day; `taken` is the day of a snapshot."""

    models: Mapping[str, Model]
    accounts: Set[str]
    on: date
    within: timedelta
    taken: date | None
    verdicts: dict[str, Verdict] = field(factory=dict[str, Verdict], init=False)

    def find(self, name: Mention) -> CheckFinding | None:
        """Return the finding for a mention; None if its text is not the name of a model."""
        if (verdict := self._note(name) or self.verdicts.get(name)) is None:
            if name.form == "possible" and name not in self.models:
                return None
            # The key is a plain string, because a mention would keep its text alive.
            verdict = self.verdicts[str(name)] = self._judge(name)
        level, code, message = verdict
        if name.form == "short" and code == "unknown":
            return CheckFinding("warning", code, name, message) if "did you mean" in message else None
        if name.deployment and level != "note":
            return CheckFinding("note", "deployment", name, f"addressed to a deployment; without it: {message}")
        return CheckFinding(level, code, name, message)

    def _note(self, name: Mention) -> Verdict | None:
        """Return the verdict about a name that cannot be checked."""
        if name.form == "template":
            return "note", "template", "completed at run time"
        if name in self.models or name.form in ("short", "possible"):
            return None
        _, account, kind, ident = name.split("/", 3)
        if name.form == "joined":
            return "note", "template", "continued at run time"
        if re.search(_PLACEHOLDER, account) or re.search(_PLACEHOLDER, ident):
            return "note", "placeholder", "a placeholder"
        if kind != "models":
            return "note", "no-model", f"{kind} are not in this catalogue"
        return None if account in self.accounts else ("note", "account", f"the models of {account} were not listed")

    def _judge(self, name: str) -> Verdict:
        if (model := self.models.get(name)) is None:
            return self._judge_unknown(name)
        status = model.serving_status(on=self.on)
        if status.state is ServingStatus.State.UNKNOWN:
            return "warning", "unsure", status.reason
        if status.state is ServingStatus.State.NOT_READY:
            return "error", "not-ready", "still uploading"
        if status.state is ServingStatus.State.NOT_SERVERLESS:
            return "warning", "not-serverless", "callable only on your own deployment"
        if not (end := model.deprecation_date):
            return "ok", "served", "served, with no end announced"
        day = f"on {end}" if end.day else f"in {end}"
        if status.state is ServingStatus.State.ENDED:
            return "error", "ended", f"ended {day}"
        if end.earliest() - self.on > self.within:
            return "ok", "served", f"served, ends {day}"
        days = status.days_left
        left = "on a day not announced" if days is None else f"in {days} day{'s' * (days != 1)}"
        return "warning", "ending", f"ends {day}, {left}"

    def _judge_unknown(self, name: str) -> Verdict:
        owner, _, ident = name.rpartition("/")
        # IDs have lower-case letters, digits and hyphens only: k2p6, although the model is called K2.6.
        likely = ident.lower().replace(".", "p").replace("_", "-")
        known = [other.rpartition("/")[2] for other in self.models if other.startswith(f"{owner}/")]
        near = did_you_mean([likely] if likely in known else near_names(likely, known, cutoff=0.8)[:2])
        if self.taken is None or not re.fullmatch(r"[a-z0-9-]+", ident):
            return "error", "unknown", f"not in the catalogue{near}"
        return "warning", "unknown", f"not in the snapshot of {self.taken}, which may be older than the model{near}"
