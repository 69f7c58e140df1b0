"""What the widget is held to without a browser: its types, its rules, its own tests, its size."""

from __future__ import annotations

import gzip
import json
import re

import pytest

from assistant.settings import ROOT
from commands.widget import WIDGET, bring_tools, build_widget, run_tool

pytestmark = pytest.mark.widget

_MOST_BYTES = 25_000
_BANNED = """
    document.body.innerHTML = location.hash;
    document.body.outerHTML = location.hash;
    document.body.insertAdjacentHTML("beforeend", location.hash);
    document.write(location.hash);
    localStorage.setItem("a", "b");
    document.cookie = "a=b";
    parent.postMessage("a", "*");
    export {};
"""


@pytest.fixture(scope="module", autouse=True)
def tools() -> None:
    bring_tools()


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("typescript", ["--noEmit"]),
        ("eslint", [".", "--max-warnings", "0"]),
        ("vitest", ["run"]),
    ],
)
def test_tool_finds_nothing(tool: str, arguments: list[str]) -> None:
    run_tool(tool, *arguments)


def test_the_rules_ban_markup_storage_and_other_windows() -> None:
    bad = WIDGET / "src" / "banned_by_rules.ts"
    report = WIDGET / "node_modules" / "banned.json"
    bad.write_text(_BANNED, "utf-8")
    try:
        with pytest.raises(Exception, match="eslint"):
            run_tool("eslint", str(bad), "--format", "json", "--output-file", str(report))
    finally:
        bad.unlink()
    (found,) = json.loads(report.read_text("utf-8"))
    banned = "no-restricted"
    lines = {each["line"] for each in found["messages"] if each["ruleId"].startswith(banned)}
    assert lines == set(range(2, 9))


def test_the_script_is_small_and_asks_for_nothing_else() -> None:
    script = build_widget().read_bytes()
    assert len(gzip.compress(script, 9)) <= _MOST_BYTES
    # No other file, and no address but those that it can lead a person to.
    assert [path.name for path in build_widget().parent.glob("*.*")] == ["widget.js"]
    text = script.decode("utf-8")
    assert not re.search(r"\bimport\s*[({*'\"]", text)
    addresses = set(re.findall(r"https?://[\w./-]+", text))
    assert addresses == {"https://www.weather.gov/", "http://www.w3.org/2000/svg"}


def test_versions_are_pinned() -> None:
    package = json.loads((ROOT / "widget" / "package.json").read_text("utf-8"))
    assert "dependencies" not in package
    for version in package["devDependencies"].values():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
