"""Speed and memory of this assistant beside the bot that `rasa init` makes."""
