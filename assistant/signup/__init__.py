"""Sign-ups: what was agreed to, who is to be contacted, and how it is told to staff.

It stands alone: nothing here knows of answers, articles or emergencies, and
nothing of Rasa. `SignupDesk` (desk.py) is what a conversation talks to.
"""
