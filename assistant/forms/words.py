"""The words by which a form knows a yes, a no, a stop and a question.

Plain lists do better here than a classifier: a yes is a yes to the very question
that was asked, and what is not in a list is asked about once more. All of them are
matched against `said.plain`: lower case, no punctuation, no apostrophes.
"""

from __future__ import annotations

import re


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(phrase.split()) for phrase in text.split("|"))


# An unambiguous yes, also to a question of consent. "ok" and "sure" are not in it:
# people say them to get rid of a question.
YES = _phrases(
    """
    yes|y|yeah|yep|yup|yes please|yes i do|yes i agree|yes agree|yes agreed|i agree|agree|agreed
    |yes i consent|i consent|yes i accept|i accept|accept|yes of course|yes definitely
    |yes absolutely|yes sure|yes ok|yes okay|ok yes|okay yes|sure yes|yes thats fine
    |yes thats ok|yes thats okay|yes you may|yes you can|you may|yes it is ok|yes its ok
    |yes i am|i do|i do agree|i agree to that|i agree to this|yes i agree to that|yes thank you
    |yes thanks
    |si|sí|sí acepto|si acepto|acepto|sí estoy de acuerdo|si estoy de acuerdo|estoy de acuerdo
    |de acuerdo|sí por favor|si por favor
    """
)
# Where nothing is agreed to: an age, a summary.
LOOSE_YES = YES | _phrases(
    """
    ok|okay|sure|correct|right|thats right|thats correct|of course|i am|yes thats right
    |yes correct|looks good|looks right|all good|all correct|its right|its correct|that is right
    |send|send it|send it please|please send it|send please|yes send it|yes send it please|submit
    |submit it|submit please|go ahead|yes go ahead|absolutely|definitely|claro|claro que sí
    """
)
NO = _phrases(
    """
    no|n|nope|nah|no thanks|no thank you|no i dont|no i do not|i dont|i do not|i dont agree
    |i do not agree|no i dont agree|no i do not agree|i disagree|disagree|i refuse|i decline|decline
    |no way|never|absolutely not|definitely not|of course not|id rather not|i would rather not
    |no id rather not|i dont want that|i dont want this|i dont consent|i do not consent|no im not
    |im not
    |please dont|no please|not really|no gracias|no acepto|no estoy de acuerdo|no quiero
    """
)
STOP = _phrases(
    """
    stop|stop it|stop this|stop please|please stop|stop now|quit|i quit|exit|cancel|cancel it
    |cancel this|cancel that|please cancel|end|end this|abort|unsubscribe|opt out|revoke|never mind
    |nevermind|nvm|not now|no not now|not today|not right now|not yet|forget it|forget about it
    |forget this|leave it|drop it|im out|im done|im done here|leave me alone|get me out|enough
    |thats enough|dont send|dont send it|do not send|no dont send|no dont send it
    |later|maybe later|another time|some other time|i changed my mind
    |i have changed my mind|bye|goodbye|good bye|bye bye|i have to go|i gotta go|gotta go
    |para|parar|pare|paren|basta|alto|cancelar|cancela|cancele|detener|detente|salir|terminar
    |olvídalo|olvidalo|olvídelo|déjalo|dejalo|ahora no|no ahora|ya no|ya no quiero|no quiero seguir
    |mejor no|mejor luego|otro día|adiós|adios
    """
)
# "Ok stop", "no wait, cancel".
BEFORE_STOP = re.compile(
    r"^(?:(?:ok|okay|no|wait|just|oh|hey|please|well|actually|sorry|alright|then|so|now|lets) )+"
)
STOPPING = re.compile(
    r"\b(?:"
    r"(?:stop|cancel|end|quit|leave|abort|exit|drop)"
    r" (?:the|this|my|with the|with this|doing this|asking)"
    r"(?: (?:sign ?up|signing up|form|registration|questions?|process|thing|whole thing|me)\b|$)"
    r"|stop signing me up|stop asking(?: me)?"
    r"|(?:dont|do not|no longer) (?:want to|wanna) (?:sign up|register|continue|go on"
    r"|do this|do it|keep going|be contacted|finish|answer)"
    r"|(?:dont|do not) (?:sign me up|register me|contact me|call me anymore|want this anymore)"
    r"|ill (?:do|finish) (?:it|this|that) (?:later|another time|some other time)"
    r"|changed my mind about (?:this|the sign ?up|signing up)"
    r"|no quiero (?:inscribirme|registrarme|continuar|hacer esto)"
    r")"
)
GO_ON = _phrases(
    """
    go on|continue|resume|keep going|lets go on|lets continue|carry on|go ahead|go on please
    |yes go on|yes continue|back to the form|back to the sign up|sign up|seguir|continuar|sigamos
    """
)
GO_BACK = _phrases("back|go back|previous|previous question|go one back|atrás|volver")
# Why something is asked; "why do I need therapy?" is not among them.
WHY = re.compile(
    r"^(?:(?:but|and|ok|wait|hm+|sorry) )*(?:"
    r"why(?: not)?|what for|for what|how come|por qué|porque|por que|para qué|para que"
    r"|why (?:do|would|did|should|must|are|is)(?: (?:you|u|they|we|it|that|this))?"
    r" (?:guys )?(?:all )?(?:need|needs|want|wants|ask|asks|asking|require|requires|have|has|needed"
    r"|necessary|required|important)"
    r"(?: (?:to know|to have|to ask|for|me for|me|about))*"
    r"(?: (?:that|this|it|my|the|all|a name|an email|a number|a phone number|so much|these"
    r"|those)\b.*)?"
    r"|why (?:do|should|must|would) i (?:have to|need to|want to|got to)?\s?"
    r"(?:tell|give|say|share|answer|agree|provide|type|enter)\b.*"
    r"|what (?:do|will|would|are) (?:you|u|they) (?:going to )?(?:need|use|do|doing|want|gonna do)"
    r" (?:with )?(?:that|this|it|my|the)\b.*"
    r"|what (?:is|s) (?:that|this|it|my \w+|the \w+) (?:for|used for|needed for)"
    r"|whats (?:that|this|it|my \w+|the \w+) (?:for|used for|needed for)"
    r"|(?:do i|do we) (?:really |actually )?(?:have to|need to)"
    r"(?: (?:tell|give|say|share|answer|agree)\b.*)?"
    r"|is (?:that|this|it|my \w+|the \w+) (?:really )?"
    r"(?:required|necessary|mandatory|needed|optional)"
    r"|who (?:sees|gets|reads|will see|will get|will read) (?:that|this|it|my)\b.*"
    r")$"
)
QUESTION = re.compile(
    r"^(?:(?:but|and|ok|okay|so|wait|hey|hi|hello|sorry|first|one question|i have a question"
    r"|question|before that|quick question) )*"
    r"(?:what|whats|why|how|hows|when|where|who|whos|which|whose"
    r"|is (?!for )|are|do|does|did|can|could|will|would|should|has|have you|am i|may i"
    r"|tell me|explain|describe|i want to know|i would like to know|i wonder|id like to know"
    r"|qué|que es|cómo|como se|cuándo|cuánto|dónde|quién|cuál|puedo|puede|hay)\b"
)
SMALL_TALK = _phrases(
    """
    hi|hello|hey|hiya|hola|good morning|good evening|thanks|thank you|thank u|thx|ty|gracias
    |ok thanks|ok thank you|thanks a lot|thank you so much|help|help me|help please|ayuda
    |i need help|hm|hmm|lol|haha|wow|cool|nice|great|wait|what|huh|are you there|hello there
    |who are you|a person|human
    """
)
# What is about the person, whatever the classifier takes it for.
ABOUT_ONESELF = re.compile(
    r"^(?:(?:no|nah|nope|yes|yep|yeah|yup|ok|hi|hello|sorry|well|oh|actually|its|it is) )*"
    r"(?:my|me|i am|im|call me|text me|email me|you can|they call me|it is|its|this is|for my"
    r"|soy|me llamo|mi)\b"
)
# Given names that are street names of drugs, or begin a question.
GIVEN_NAMES = _phrases("will|molly|crystal|tina|charlie|lucy|mary jane|roxy|percy|addy|henry|harry")
# "Dr. James Okafor" is a name, whatever the classifier takes it for.
TITLED = re.compile(r"(?:mrs?|ms|miss|dr|prof|rev)(?: \w+){1,3}$")
# Intents of remarks that are no answer to a question of a form.
REMARKS = _phrases(
    "greet|thank|praise|frustration|chat|out_of_scope|reject_answer|afraid_to_call|cannot_call"
    "|concerned_other|crisis_retracted"
)
