"""`python -m assistant`: what staff do with sign-ups, consents, keys and the outbox."""

import sys

from assistant.signup.command_line import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
