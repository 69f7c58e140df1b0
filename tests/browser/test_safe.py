"""Nothing that is written runs, nothing leaves the origin, nothing outlives the tab."""

from __future__ import annotations

import pytest

from tests.browser.chat import Chat, message
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.live, pytest.mark.browser]

# Each would call `pwned`, were it read as markup, script or address.
PAYLOADS = [
    "<script>pwned()</script>",
    "<img src=x onerror=pwned()>",
    "<svg onload=pwned()>",
    "<svg><script>pwned()</script></svg>",
    "<svg><animate onbegin=pwned() attributeName=x dur=1s>",
    "<iframe src=javascript:pwned()></iframe>",
    "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
    "<body onload=pwned()>",
    "<details open ontoggle=pwned()>",
    "<input autofocus onfocus=pwned()>",
    "<video><source onerror=pwned()></video>",
    "<audio src=x onerror=pwned()>",
    "<marquee onstart=pwned()>",
    "<object data=javascript:pwned()>",
    "<embed src=javascript:pwned()>",
    "<form action=javascript:pwned()><button>x</button></form>",
    "<a href=javascript:pwned()>click</a>",
    "<a href='data:text/html,<script>opener.pwned()</script>'>click</a>",
    "[click](javascript:pwned())",
    "![x](x){onerror=pwned()}",
    "<math><mtext><table><mglyph><style><img src=x onerror=pwned()></style>",
    "<template><img src=x onerror=pwned()></template>",
    "<style>@import 'javascript:pwned()';</style>",
    "<link rel=stylesheet href=javascript:pwned()>",
    "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
    "<base href='javascript:pwned()//'>",
    '"><script>pwned()</script>',
    "' onmouseover='pwned()",
    "`${pwned()}`",
    "{{constructor.constructor('pwned()')()}}",
    "javascript:pwned()",
    "java\tscript:pwned()",
    "<scr<script>ipt>pwned()</scr</script>ipt>",
    "&lt;script&gt;pwned()&lt;/script&gt;",
    "\\u003cscript\\u003epwned()\\u003c/script\\u003e",
    "<!--><script>pwned()</script>-->",
    "<rehab-assistant server='https://evil.example/'></rehab-assistant>",
]


@pytest.fixture
def watched(visit: Visit) -> Chat:
    """The chat on the demo page, with `pwned` to be called by whoever gets so far."""
    chat = visit()
    chat.page.add_init_script("window.calls = 0; window.pwned = () => { window.calls += 1; };")
    chat.page.reload()
    return chat.greeted()


def _nothing_ran(chat: Chat) -> None:
    chat.page.wait_for_timeout(150)
    assert chat.page.evaluate("window.calls") == 0
    elements = "script, img, iframe, object, embed, style, link, video, form form, rehab-assistant"
    assert chat.inside(f"root => root.querySelectorAll('{elements}').length") == 0
    assert chat.origins() == {chat.address.removesuffix("/webhooks/web")}
    assert chat.complaints == []


def test_what_a_person_writes_is_text(watched: Chat) -> None:
    for payload in PAYLOADS:
        watched.say(payload)
    shown = watched.log.locator(".person").evaluate_all(
        "all => all.map(each => each.querySelector('p').textContent)"
    )
    assert shown == [payload.strip() for payload in PAYLOADS]
    _nothing_ran(watched)
    # And again when the history is shown.
    watched.page.reload()
    watched.log.locator(".person").nth(len(PAYLOADS) - 1).wait_for()
    _nothing_ran(watched)


def test_what_a_server_answers_is_text(watched: Chat) -> None:
    for payload in PAYLOADS:
        watched.page.unroute("**/webhooks/web/messages")
        source = {"number": 1, "kind": "reference", "title": payload, "url": payload}
        sentence = {"text": payload, "citations": [1], "source": {}}
        watched.stub(
            message(
                kind="answer",
                text=payload,
                blocks=[{"topic": payload, "heading": payload, "sentences": [sentence]}],
                sources=[source | {"article": "a", "section": None}],
                related=[{"article": "a", "title": payload, "url": payload}],
                choices=[{"id": payload, "title": payload}],
                resources=[{"label": payload, "href": payload}],
                answer_id=payload,
            ),
            message(kind="crisis", text=payload, resources=[{"label": payload, "href": payload}]),
        )
        answer = watched.say("anything")
        assert payload in (answer.text_content() or "")
        answer.locator(".cite").click()
        answer.get_by_text("1 source").click()
    hrefs = watched.inside("root => [...root.querySelectorAll('.log a')].map(a => a.protocol)")
    assert set(hrefs) <= {"https:", "tel:", "sms:", "mailto:"}
    _nothing_ran(watched)


def test_a_problems_sentence_is_text(watched: Chat) -> None:
    watched.stub_problem("messages", 503, PAYLOADS[1])
    watched.input.fill("x")
    watched.input.press("Enter")
    watched.log.get_by_text(PAYLOADS[1]).wait_for()
    _nothing_ran(watched)


def test_no_request_leaves_the_origin_and_nothing_is_kept(chat: Chat) -> None:
    answer = chat.say("what is CBT?")
    answer.get_by_role("button", name="Source 2").first.click()
    answer.get_by_role("button", name="Helpful", exact=True).click()
    chat.say("i want to die")
    chat.page.reload()
    chat.answer(1)
    assert chat.origins() == {chat.address.removesuffix("/webhooks/web")}
    kept = "({local: localStorage.length, cookies: document.cookie})"
    assert chat.page.evaluate(kept) == {"local": 0, "cookies": ""}
    assert chat.page.context.cookies() == []
    # The tab keeps the token and how the conversation begins, and no word of what was said.
    stored = chat.page.evaluate("JSON.stringify(sessionStorage)")
    assert "CBT" not in stored
    assert "die" not in stored


def test_the_page_forbids_what_the_widget_does_not_need(chat: Chat) -> None:
    policy = chat.page.request.get(f"{chat.address}/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "style-src 'self'" in policy
    # The styles are there all the same.
    assert chat.button("Send").evaluate("e => getComputedStyle(e).display") == "grid"
    assert chat.complaints == []


def test_the_page_hears_that_something_happened_and_not_what(chat: Chat) -> None:
    chat.page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ["open", "close", "message", "erase", "exit"]) {
                document.addEventListener(`rehab-assistant-${name}`,
                    event => heard.push([name, event.detail]));
            }
            for (const name of ["keydown", "keyup", "input", "copy", "paste"]) {
                document.addEventListener(name, event => heard.push([name, {}]));
            }
        }"""
    )
    chat.input.focus()
    chat.page.keyboard.type("i want to die")
    before = chat.answers.count()
    chat.page.keyboard.press("Enter")
    chat.answer(before)
    chat.button("Close the chat").click()
    assert chat.page.evaluate("heard") == [
        ["message", {"from": "person"}],
        ["message", {"from": "assistant"}],
        ["close", {}],
    ]


def test_session_recorders_are_told_to_look_away(chat: Chat) -> None:
    tag = chat.page.locator("rehab-assistant")
    for mark in ("data-hj-suppress", "data-clarity-mask", "data-dd-privacy", "data-sentry-block"):
        assert tag.get_attribute(mark) is not None
    assert {"fs-exclude", "ph-no-capture", "rr-block"} <= set(
        (tag.get_attribute("class") or "").split()
    )
