"""Every error that the assistant raises on purpose, in one tree.

The message of each is one plain sentence that may be shown to whoever started
the command. None of them ever holds what a visitor wrote.
"""

from __future__ import annotations


class AssistantError(Exception):
    """Base of all errors raised on purpose."""


class SettingsError(AssistantError):
    """A setting is missing, malformed or unsafe for the environment."""


class CorpusError(AssistantError):
    """An article, the glossary or another data file cannot be used.

    Attributes:
        file: path of the file, relative to the project's root where it is inside.
        line: 1-based line in that file, or None when the whole file is meant.
    """

    def __init__(self, message: str, file: str = "", line: int | None = None) -> None:
        self.file = file
        self.line = line
        place = file if line is None else f"{file}:{line}"
        super().__init__(f"{place}: {message}" if place else message)


class ImportRefusedError(AssistantError):
    """A file cannot be made an article; nothing has been written."""


class EncoderError(AssistantError):
    """The encoder's weights are missing, changed or cannot be loaded."""


class UnverifiedAnswerError(AssistantError):
    """An answer holds a sentence that does not equal its span; it must not be sent."""


class FieldError(AssistantError):
    """What a person wrote cannot be read as the field; the message is for that person.

    Attributes:
        code: a short name of what is wrong, the same in every language.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class ApplicationError(AssistantError):
    """A sign-up is refused and nothing was stored; the message is for the person.

    Attributes:
        code: a short name of what is wrong, the same in every language.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class TermsChangedError(AssistantError):
    """Other terms are in force than those that the person was shown; nothing was stored."""


class StoreUnavailableError(AssistantError):
    """The store of sign-ups cannot be reached; nothing was changed."""


class LedgerError(StoreUnavailableError):
    """The consent ledger is not as it was written, so nothing is added to it."""


class DeliveryError(AssistantError):
    """The other side did not take a message.

    Attributes:
        final: whether it never will, such as an address that does not exist.
    """

    def __init__(self, message: str, final: bool = False) -> None:
        self.final = final
        super().__init__(message)
