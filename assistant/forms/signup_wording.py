"""What the sign-up says. Plain words: people read it on a bad day."""

from __future__ import annotations

from assistant.provider import Provider
from assistant.signup.application import Receipt

IS_ADULT = "Yes, I am 18 or older"
IS_MINOR = "No"
WHY_ADULT = (
    "We can only take a sign-up from an adult. If you are younger, I can show you who helps "
    "people of your age."
)
PROVIDER = "the treatment provider"
ASK_NAME = "What name should we call you by? A first name is enough."
WHY_NAME = (
    "So that we know what to call you. It does not have to be your full or legal name. It is "
    "kept encrypted, and it is not used for anything else."
)
ASK_METHOD = "How would you like to be reached?"
METHODS = {"email": "Email", "phone": "Phone call", "sms": "Text message"}
WHY_METHOD = "So that we only reach you in the way that is safe and good for you."
ASK_CONTACT = {
    "email": "What is your email address?",
    "phone": "What phone number should we call? Please write it with the area code.",
    "sms": "What number should we text? Please write it with the area code.",
}
_ONLY_FOR = "It is kept encrypted, and only used if you agree to that in a moment."
WHY_CONTACT = {
    "email": f"We need an address to write to you about treatment. {_ONLY_FOR}",
    "phone": f"We need a number to call you about treatment. {_ONLY_FOR}",
    "sms": f"We need a number to text you about treatment. {_ONLY_FOR}",
}
ASK_FOR_WHOM = "Who is the treatment for?"
FOR_WHOM = {"self": "Myself", "loved_one": "Someone I care about"}
WHY_FOR_WHOM = (
    "So that whoever calls or writes to you knows what you need. You don't have to say anything "
    "else about that person or about you."
)
AGREE = "Yes, I agree"
DISAGREE = "No"
WHY_CONSENT = (
    "Nobody may contact you unless you say yes to it. You can say no, and you can take a yes "
    "back at any time."
)
ASK_TERMS = "Do you agree to this?"
WHY_TERMS = (
    "These are the rules that we have to keep with what you told us. Without your yes we may "
    "not keep it."
)
SEND = "Yes, send it"
CHANGE_NAME = "Change the name"
CHANGE_METHOD = "Change how to reach me"
CHANGE_CONTACT = {
    "email": "Change the email address",
    "phone": "Change the number",
    "sms": "Change the number",
}
CHANGE_FOR_WHOM = "Change who it is for"
DO_NOT_SEND = "Do not send it"
WHY_CONFIRM = (
    "Nothing has been sent yet. Please check that all of it is right. To change something, say "
    'what, such as "change my name".'
)
_REACHED_BY = {"email": "email to", "phone": "a call to", "sms": "text messages to"}
_FOR = {"self": "you", "loved_one": "someone you care about"}

RESUMING = (
    "Your sign-up is still here, and nothing has been sent. There is no hurry. Would you like to "
    "go on with it?"
)
MINOR = (
    "Thank you for telling me. Only an adult can sign up here, so nothing was stored. You can "
    "still get help. Talk with an adult you trust, or call SAMHSA's National Helpline at "
    "1-800-662-4357. It is free and open 24/7. If you feel unsafe or think of suicide, call or "
    "text 988; in an emergency call 911. You can also ask me any question here."
)
REFUSED = (
    "That is all right. Without your yes we can't contact you, so I have ended the sign-up and "
    "deleted your answers. You can still ask me anything."
)
STOPPED = (
    "I have stopped the sign-up. Nothing was sent, and your answers are deleted. You can ask "
    "me anything, or sign up another time."
)
STOPPED_FIRST = "I have stopped the sign-up. Nothing was sent, and your answers are deleted."
WHY_DETAILS = (
    "I ask for personal details only when you sign up to be contacted about treatment: a name to "
    "call you by and one way to reach you. You can ask questions without giving any of it."
)
NO_CORRECTION = (
    "A sign-up that was sent can't be changed in this chat. To correct it, write \"delete my "
    'data", and then sign up again.'
)
ALREADY = (
    "You have already signed up in this chat. Your reference is {reference}. To see what we "
    'have, write "what do you know about me". To take it back, write "withdraw my consent" or '
    '"delete my data".'
)
NOT_SENT = (
    "Something went wrong on our side, and nothing was sent. Your answers are kept for one hour. "
    "Please try again in a few minutes."
)
TERMS_CHANGED = (
    "Our terms have changed while you were here, so nothing was sent. I have to ask you about "
    "them once more."
)
_RIGHTS = (
    'To see what we have, write "what do you know about me". To take it back, write "withdraw '
    'my consent" or "delete my data".'
)


def ask_adult(provider: Provider) -> str:
    """The first question, and what the sign-up is."""
    whom = provider.name or "our team"
    return (
        f"I can take your sign-up here, so that {whom} can contact you about treatment. It takes "
        'a few short questions. You can write "stop" at any time: then nothing is sent. First, '
        "are you 18 or older?"
    )


def summary(name: str, method: str, contact: str, for_whom: str) -> str:
    """What the person told, to be checked."""
    return (
        "Please check what you told me.\n"
        f"Name: {name}\n"
        f"Reach you by: {_REACHED_BY[method]} {contact}\n"
        f"Treatment for: {_FOR[for_whom]}\n"
        "You agreed that we contact you about this, and to the terms.\n"
        "Is all of this right, and should I send it?"
    )


def receipt(given: Receipt, method: str) -> str:
    """What is said once the sign-up is stored, and only then."""
    parts = [
        "Thank you. Your sign-up has been received.",
        f"Your reference is {given.reference}.",
    ]
    if given.awaiting_confirmation:
        parts.append(
            "We are sending an email to the address that you gave. Please confirm it with the "
            "link in that email within 24 hours. Until then nobody will contact you."
        )
    elif method == "email":
        parts.append("Our team can now write to the address that you gave.")
    elif method == "phone":
        parts.append("Our team can now call the number that you gave.")
    else:
        parts.append("Our team can now text the number that you gave.")
    return " ".join([*parts, _RIGHTS])
