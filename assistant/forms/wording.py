"""What a form says by itself, whatever it is about."""

from __future__ import annotations

UNDER_WAY = 'We are at it: please answer the question below, or write "stop".'
FIRST_TROUBLE = "Sorry, I did not get that."
PLAIN_YES_OR_NO = (
    'I can only take a clear answer to this. Please answer "yes" or "no". '
    "If it is not a clear yes, I will take it as a no."
)
WAY_OUT = 'You can also write "stop": then nothing is sent and your answers are deleted.'
STALE = "That choice is no longer open. Here is the question that is."
GO_ON = "Go on"
LEAVE_IT = "Not now"
NO_LONGER_OPEN = "That choice is no longer open. What would you like to know?"
