"""What people asked that the articles do not answer, without who asked it.

A room of its own: it knows the articles' words, and nothing of searching,
answering or emergencies.
"""
