"""The widget as a screen reader gets it: Chromium's accessibility tree, and what is announced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.browser.chat import Chat

# What can be operated, and has to say what it is.
_OPERATED = {"button", "link", "textbox", "DisclosureTriangle", "checkbox", "combobox"}

# Whatever is added to a region that is read aloud, from now on.
_LISTEN = """root => {
    window.heard = [];
    const regions = root.querySelectorAll(
        "[aria-live=polite], [aria-live=assertive], [role=status], [role=alert]");
    for (const region of regions) {
        new MutationObserver(changes => {
            for (const {addedNodes} of changes)
                for (const node of addedNodes) window.heard.push(node.textContent);
        }).observe(region, {childList: true, subtree: true});
    }
}"""


@dataclass(frozen=True)
class Node:
    """Something that a screen reader stops at.

    Attributes:
        role: as Chromium calls it.
        name: what is read first.
        description: what is read after it.
        properties: such as "live", "expanded", "modal".
    """

    role: str
    name: str
    description: str
    properties: dict[str, Any]


def tree(chat: Chat) -> list[Node]:
    """All that is not passed over, in reading order."""
    session = chat.page.context.new_cdp_session(chat.page)
    session.send("Accessibility.enable")
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    return [_read(node) for node in _in_order(nodes[0], by_id) if not node["ignored"]]


def controls(chat: Chat) -> list[Node]:
    """What can be operated, in reading order."""
    return [node for node in tree(chat) if node.role in _OPERATED]


def listen(chat: Chat) -> None:
    """Begins to take down what is announced."""
    chat.inside(_LISTEN)


def heard(chat: Chat) -> list[str]:
    """What was announced since the last time, in order."""
    announced: list[str] = chat.page.evaluate("window.heard.splice(0)")
    return announced


def _in_order(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("childIds", ()):
        if child in by_id:
            yield from _in_order(by_id[child], by_id)


def _read(node: dict[str, Any]) -> Node:
    role, name, description = (
        str(node.get(part, {}).get("value", "")).strip() for part in ("role", "name", "description")
    )
    properties = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
    return Node(role, name, description, properties)
