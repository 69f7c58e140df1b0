"""The assistant's own fixed sentences. Everything else that it says is quoted."""

from __future__ import annotations

from assistant.message import Resource

HELPLINE = (
    "To talk with a person about treatment, call SAMHSA's National Helpline at "
    "1-800-662-4357. It is free and open 24/7."
)
HELPLINE_LINK = Resource("SAMHSA's National Helpline: 1-800-662-4357", "tel:18006624357")
DONT_KNOW = "I don't know: our articles don't answer that."
ONLY_PROVIDER = (
    "I don't know: our articles don't say that, but the center's own staff can tell you."
)
NOT_MY_FIELD = (
    "That is outside of what I can help with. I answer questions about drug rehab and therapy."
)
DONT_KNOW_NEAR = "I don't know whether our articles answer that."
TOLD = (
    "Thank you for telling me. I'm an automated program, so all that I can do is quote our "
    "articles. What would help you most to know?"
)
NEAREST = "What comes nearest:"
NOTHING_MORE = "That is all our articles say on this."
NOTHING_YET = "I haven't given an answer yet. Ask me about drug rehab or therapy."
ARTICLES_CHANGED = "Our articles were just brought up to date. Please ask your question again."
ALTERNATIVES = "I'm sorry that wasn't it. Did you mean one of these?"
NO_ALTERNATIVES = (
    "I'm sorry, I have nothing nearer. You can ask in other words, or talk with a person. "
    f"{HELPLINE}"
)
MEANT = "I don't know that name. Did you mean:"
MORE_ON = "You can also ask about:"
PICK_ONE = "You can pick one of these or ask in your own words:"
NOTHING_READ = "I'm sorry, I did not understand that. What would you like to know?"
MEDICAL_ADVICE = (
    "I can't give advice on one person's medicine, dose, symptoms or diagnosis. A doctor, a "
    "pharmacist or whoever prescribed the medicine can. Please don't stop or change a medicine, "
    "or stop drinking after heavy use, without asking them first. If somebody took too much and "
    "is awake and well, call Poison Help at 1-800-222-1222; in an emergency call 911."
)
MEDICAL_ADVICE_SHORT = (
    "I can only quote our articles: what holds for one person, a doctor or pharmacist can say. In "
    "an emergency call 911; if somebody took too much and is well, Poison Help at 1-800-222-1222."
)
POISON_HELP_LINK = Resource("Poison Help: 1-800-222-1222", "tel:18002221222")
_IN_DANGER = "In an emergency call 911; for thoughts of suicide call or text 988."
HELP_WANTED = (
    "I'm glad you wrote. I'm an automated program that answers from articles on drug rehab and "
    "therapy. What would you like help with?"
)
FEELING = (
    "Thank you for telling me. I'm an automated program, so I can't know how this feels, but a "
    "person can listen. You can call or text 988 at any hour about hard feelings, drinking, or "
    "drug use, for yourself or for somebody else."
)
PEOPLE = f"{_IN_DANGER} {HELPLINE}"
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
SIGN_UP_HERE = "If you would like our team to contact you, you can sign up here."
CAN_SIGN_UP = f"{SIGN_UP_HERE} {HELPLINE}"
SIGN_UP = "Sign up"
BEGIN_SIGN_UP = "/start_signup"
FIND_NEAR = "To look for a place near you, search FindTreatment.gov."
FIND_NEAR_LINK = Resource("FindTreatment.gov", "https://findtreatment.gov/")
MORE = "Tell me more"
