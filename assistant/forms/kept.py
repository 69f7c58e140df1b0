"""What is kept of a form in a conversation: the contract between who asks and who keeps.

An action knows when answers are to be forgotten, and only the store of conversations
can forget them. So an action sets the slot `FORGET`, and marks messages that hold
what a person told; the store does it when it saves the turn.
"""

from __future__ import annotations

# The slot, and what it can say. It is never kept itself.
FORGET = "forget"
THE_FORM = "form"
THE_CONVERSATION = "conversation"
# The form whose answers are personal, and the beginning of the names of its slots.
FORM = "signup_form"
SLOT_PREFIX = "signup_"
# Slots whose values are looked for in all that was said.
NAME_SLOT, CONTACT_SLOT = "signup_name", "signup_contact"
# A key beside a message: until the form ends, or not to be kept at all.
PERSONAL = "personal"
WHILE_ASKED, NEVER = "while asked", "never"
# A key beside a message that is true only once the turn has been kept, as "it is deleted" is.
ONCE_KEPT = "once_kept"
# What stands in the history instead.
REMOVED = "(removed)"
# How long the answers of a form that nobody goes on with are kept, in seconds. Not longer
# than a session of Rasa lives (domain.yml), which forgets the form by then.
FORM_SECONDS = 3600.0
