"""What a messaging channel answers to one message: emergencies first, then a turn of Rasa's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from sqlalchemy.exc import SQLAlchemyError

from assistant.message import Message
from assistant.settings import Settings
from extensions.channels.bodies import Said, heard
from extensions.channels.choosing import find_choice
from extensions.channels.conversing import user_message
from extensions.channels.crisis_turns import CrisisDesk
from extensions.channels.messaging.incoming import Incoming
from extensions.channels.person_text import TextRefusedError, checked_text
from extensions.channels.problems import IN_DANGER, ProblemError
from extensions.channels.rates import MovingWindow
from extensions.channels.readiness import conversations
from extensions.channels.rendering import OfferedChoice, Renderer
from extensions.channels.tokens import ConversationTokens
from extensions.channels.turns import WebOutput, run_turn
from extensions.conversation_rows import ConversationRetiredError
from extensions.gate import SafetyGate

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
Messages = list[dict[str, Any]]

ONLY_TEXT = (
    "I'm sorry, I'm an automated program and can only read text. I can't open pictures, voice "
    f"messages, places or files. Please write your question in words. {IN_DANGER}"
)
_HURRIED = (
    "I had not finished my last message when this came. Please read it first, and then answer it."
)


def notice(text: str) -> dict[str, Any]:
    """One plain message in the channel's JSON."""
    return Message("notice", text).as_dict()


class MessagingDesk:
    """Answers the messages of one channel.

    Attributes:
        crises: the safety gate, as channels use it.
    """

    def __init__(self, settings: Settings, channel: str, gate: SafetyGate) -> None:
        """Takes the limits, the channel's name, and the gate."""
        self.crises = CrisisDesk(gate, channel)
        self._channel = channel
        self._sent = MovingWindow(settings.messages_per_minute, 60)
        self._tokens = ConversationTokens(settings.signing_secret(), 0)

    def is_too_many(self, conversation: str) -> bool:
        """Counts a message; whether there were too many before it."""
        return self._sent.wait(conversation) > 0

    async def urgent(
        self, agent: Any, conversation: str, message: Incoming, flooding: bool
    ) -> Messages:
        """The reply to an emergency; none where there is none. Never raises.

        Args:
            agent: Rasa's, if there is one; nothing depends on it.
            conversation: the id.
            message: what came in.
            flooding: whether more comes from there than is allowed.
        """
        text = heard({"text": message.text})
        return await self.crises.answer(agent, conversation, text, flooding)

    async def turn(
        self,
        agent: Any,
        hear: OnNewMessage,
        conversation: str,
        message: Incoming,
        hurried: bool = False,
    ) -> Messages:
        """What is said to a message that is no emergency: at least one message, whatever fails.

        Args:
            agent: Rasa's.
            hear: hands a message to Rasa.
            conversation: the id.
            message: what came in.
            hurried: whether it came before the last reply had been sent: its number would
                choose what the person has not read, and perhaps agree to it.
        """
        if message.kind == "other" and not message.text:
            return [notice(ONLY_TEXT)]
        try:
            said = _said(message)
            chosen = await self._choice(agent, conversation, said)
            if chosen and hurried and said.choice is None:
                return [notice(_HURRIED)]
        except TextRefusedError as error:
            return [notice(str(error))]
        except ProblemError as problem:
            return [notice(problem.detail)]
        except SQLAlchemyError:
            # A person in danger may have written; silence is the worst answer.
            return [self.crises.apology(conversation)]
        output = WebOutput(Renderer(self._tokens, conversation))
        turn = self._heard(agent, hear, conversation, said, chosen, output)
        replies = run_turn(conversation, turn, output, self.crises.apology(conversation))
        try:
            return [reply async for reply in replies if reply is not None]
        except ConversationRetiredError:
            return [self.crises.apology(conversation)]

    async def _heard(
        self,
        agent: Any,
        hear: OnNewMessage,
        conversation: str,
        said: Said,
        chosen: OfferedChoice | None,
        output: WebOutput,
    ) -> None:
        message = await user_message(
            agent,
            said,
            chosen,
            self.crises.metadata(conversation),
            sender_id=conversation,
            output_channel=output,
            input_channel=self._channel,
        )
        await hear(message)

    async def _choice(self, agent: Any, conversation: str, said: Said) -> OfferedChoice | None:
        """The choice that was pressed, or that a text means by its number or title."""
        store = conversations(agent)
        if store is None:
            return None
        renderer = Renderer(self._tokens, conversation)
        return await find_choice(store, renderer, conversation, said, numbered=True)


def _said(message: Incoming) -> Said:
    if message.kind == "choice":
        return Said(choice=message.choice)
    return Said(text=checked_text(message.text or ""))
