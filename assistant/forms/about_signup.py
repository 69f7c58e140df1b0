"""What people ask of the sign-up itself while they fill it in, answered from its terms.

The articles would answer something else: "how long do you keep it?" is no question about
a medicine. What is said here has to agree with the newest file in `data/terms`.
"""

from __future__ import annotations

import re

# What is told in a sign-up, and the sign-up itself; "the shot" and "the program" are neither.
_TOLD = (
    r"(?:my|the) (?:info\w*|data|details|names?|numbers?|phone|e ?mail|address|answers?|contact\w*"
    r"|sign ?up|form)"
)
_IT = rf"(?:this|it|that|these|{_TOLD})"
_THEY = r"(?:you|u|they|someone|somebody|anyone|anybody|your team|staff)"
_OTHERS = (
    r"(?:anyone|anybody|someone|somebody|people|(?:my |the )?(?:jobs?|work|boss|employer|school"
    r"|wife|husband|spouse|partner|parents?|mom|dad|mother|father|family|kids|police|insurance))"
)
_CONTACT = r"(?:calls?|contacts?|writes?|texts?|e ?mails?|reach|get back|get in touch)"
_WHO_SEES = re.compile(
    r"\bwho (?:all |else )?(?:(?:will|can|would|could|gets? to) )?(?:be able to )?"
    rf"(?:sees?|reads?|gets?|looks? at|knows?|ha(?:s|ve) access to)\b(?: about)? {_IT}\b"
    rf"|\bwho (?:do|will|would) {_THEY} (?:share|give|send|show|sell|tell) {_IT}\b"
    rf"|\b(?:do|will|would|are) {_THEY} (?:going to )?(?:share|sell|pass on) {_IT}\b"
    rf"|\b(?:will|can|could|does|would) {_OTHERS} (?:else )?"
    rf"(?:see|find out|know|read|hear|get told)\b(?: (?:about|of))?(?: {_IT}(?: \w+)?)?$"
    rf"|\bis {_IT} (?:really )?(?:private|secure|confidential|anonymous)$"
    rf"|\b(?:is|are) {_TOLD} (?:really )?safe\b"
)
_HOW_LONG_KEPT = re.compile(
    rf"\bhow long (?:do|will|would) {_THEY} (?:keep|store|save|hold|have) {_IT}\b"
    rf"|\bhow long (?:is|are|will) {_IT} (?:be )?(?:kept|stored|saved)\b"
)
_WHAT_HAPPENS = re.compile(
    r"^(?:\w+ ){0,2}what (?:happens|comes|is|will happen) (?:next|afterwards?|then)$|\bwhats next$"
    r"|\bwhat (?:happens|comes|will happen) (?:after|when|once) i "
    r"(?:sign up|send|submit|finish|do (?:this|it|that)|agree|am done)\b"
    rf"|\b(?:when|how soon|how often|how many times) (?:will|do|would|can|are) {_THEY} "
    rf"(?:going to )?(?:\w+ )?{_CONTACT}\b"
    r"|\b(?:when|how soon) (?:will|do|would|can) i hear\b|^(?:and )?how soon$"
    rf"|\bwho (?:will|would|is going to|is gonna) {_CONTACT}\b"
)
_COSTS = re.compile(
    rf"\bis (?:{_IT}|signing up) (?:for )?free$"
    rf"|\b(?:does|do|will) (?:{_IT}|signing up) cost(?: (?:me )?(?:anything|money|something))?$"
    rf"|\bdo i (?:have to )?pay for {_IT}$"
)
_CHANGED_MIND = re.compile(
    r"\b(?:what if|can|could|may|what happens if) i (?:\w+ )?"
    r"(?:change my mind|take (?:it|this|that) back|cancel|say no|refuse|disagree|dont agree)\b"
    rf"|\bis {_IT} (?:a contract|binding)$|\b(?:am|will) i (?:be )?(?:bound|committed)\b"
)
_MOST_WORDS = 12

_ANSWERS = (
    (
        _WHO_SEES,
        "Staff of {provider} who handle sign-ups see it, and people who run the computers for "
        "them. It is not sold. Nobody else gets it unless you agree or the law requires it. Your "
        "name and how to reach you are kept encrypted. Other people who use your phone or your "
        "email may see what is sent to you there.",
    ),
    (
        _HOW_LONG_KEPT,
        "Your sign-up is deleted after one year at most, or as soon as you ask. Until you say "
        "yes at the end, nothing is sent.",
    ),
    (
        _WHAT_HAPPENS,
        "At the end I show you what you told me, and nothing is sent before you say yes to it. "
        "Then staff of {provider} can contact you in the way that you chose. I can't tell you how "
        "soon. Signing up does not start treatment.",
    ),
    (
        _COSTS,
        "Signing up here costs nothing, and it does not start treatment. You can ask what "
        "treatment costs before you decide anything.",
    ),
    (
        _CHANGED_MIND,
        'You can say no at any time. Write "stop" now, and nothing is sent and your answers are '
        'deleted. Later you can write "withdraw my consent" or "delete my data". Signing up does '
        "not start treatment.",
    ),
)


def about_signup(said: str, provider: str) -> str | None:
    """The answer to a question about the sign-up itself; None for anything else.

    Args:
        said: the words alone (`assistant.forms.said.plain`).
        provider: whose staff gets a sign-up.
    """
    if len(said.split()) > _MOST_WORDS:
        return None
    found = (text for asked, text in _ANSWERS if asked.search(said))
    text = next(found, None)
    return text.format(provider=provider) if text else None
