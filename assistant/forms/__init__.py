"""Reading what a person answers to the questions of a form; it stores nothing."""
