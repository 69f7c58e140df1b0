"""How the tables of sign-ups came to be: numbered steps, none of which is ever changed."""
