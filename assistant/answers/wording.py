"""The assistant's own fixed sentences. Everything else that it says is quoted."""

from __future__ import annotations

from assistant.message import Resource

HELPLINE = (
    "To talk with a person about treatment, call SAMHSA's National Helpline at "
    "1-800-662-4357. It is free and open 24/7."
)
HELPLINE_LINK = Resource("SAMHSA's National Helpline: 1-800-662-4357", "tel:18006624357")
DONT_KNOW = "I don't know: our articles don't answer that."
NOT_MY_FIELD = (
    "That is outside of what I can help with. I answer questions about drug rehab and therapy."
)
NEAREST = "Our articles do cover:"
NOTHING_MORE = "That is all our articles say on this."
NOTHING_YET = "I haven't given an answer yet. Ask me about drug rehab or therapy."
ARTICLES_CHANGED = "Our articles were just brought up to date. Please ask your question again."
ALTERNATIVES = "I'm sorry that wasn't it. Did you mean one of these?"
NO_ALTERNATIVES = "I'm sorry that wasn't it. Please ask again in other words."
MEDICAL_ADVICE = (
    "I can't give advice on one person's medicine, dose, symptoms or diagnosis. A doctor, a "
    "pharmacist or whoever prescribed the medicine can. Please don't stop or change a medicine, "
    "or stop drinking after heavy use, without asking them first. If somebody took too much and "
    "is awake and well, call Poison Help at 1-800-222-1222; in an emergency call 911."
)
POISON_HELP_LINK = Resource("Poison Help: 1-800-222-1222", "tel:18002221222")
_IN_DANGER = "In an emergency call 911; for thoughts of suicide call or text 988."
SOMETHING_FAILED = (
    "I'm sorry, something failed on my side and I could not answer. Please try again in a "
    f"moment. {_IN_DANGER} {HELPLINE}"
)
NOT_KEPT = (
    "I'm sorry, I could not keep this part of our chat, so I may not remember it. "
    f"Please ask again if I seem lost. {_IN_DANGER} {HELPLINE}"
)
NOT_ERASED = (
    "I'm sorry, something failed on my side and this chat could not be deleted. Please write "
    '"delete my data" again in a moment, or use "Clear chat" on the website.'
)
DANGER_LINKS = (
    Resource("Call 911", "tel:911"),
    Resource("Call 988", "tel:988"),
    Resource("Text 988", "sms:988"),
    HELPLINE_LINK,
)
SOURCES = "Sources:"
SOURCES_INTRO = "Those sentences are quoted word for word from these sources:"
MORE = "Tell me more"
