"""The command line of staff.

    python -m assistant signups list | show | export | erase | allow | purge | accesses
    python -m assistant consents verify
    python -m assistant keys rotate | new
    python -m assistant outbox list | deliver [--once]

A table for people; `--json` for programs. An error is one sentence and exit status 1.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from cryptography.fernet import Fernet

from assistant.errors import AssistantError
from assistant.settings import load_settings
from assistant.signup.delivery import Delivery
from assistant.signup.showing import as_json, as_lines, as_table
from assistant.signup.staff import Staff, current_user
from assistant.signup.store import Store
from assistant.signup.worker import Worker

_Command = Callable[[Staff, argparse.Namespace], int]


def main(arguments: Sequence[str]) -> int:
    """Runs one command; returns the exit status."""
    chosen = _parser().parse_args(arguments)
    if chosen.command is None:
        print(Fernet.generate_key().decode())
        print("Put it first in DATA_KEYS, keep the old ones, and run: keys rotate", file=sys.stderr)
        return 0
    try:
        store = Store.open(load_settings(), trust_ledger=chosen.command is _verify)
    except AssistantError as error:
        return _fail(error)
    try:
        command: _Command = chosen.command
        return command(Staff(store, current_user()), chosen)
    except AssistantError as error:
        return _fail(error)
    finally:
        store.close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assistant", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    groups = parser.add_subparsers(metavar="GROUP", required=True)
    _add_signups(_group(groups, "signups", "people who signed up"))
    consents = _group(groups, "consents", "the ledger of consents")
    verify = _add(consents, "verify", _verify, "see whether the ledger is as it was written")
    verify.add_argument("--head", help="a head that was noted before, RECORDS:HASH")
    keys = _group(groups, "keys", "the keys of encryption")
    _add(keys, "rotate", _rotate, "encrypt all sign-ups with the first of DATA_KEYS")
    _add(keys, "new", None, "make a key")
    outbox = _group(groups, "outbox", "what is to be sent")
    _add(outbox, "list", _list_messages, "show all messages")
    deliver = _add(outbox, "deliver", _deliver, "send what is due, until Ctrl-C")
    deliver.add_argument("--once", action="store_true", help="end when nothing is due now")
    return parser


def _add_signups(signups: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(signups, "list", _list_sign_ups, "show all, without names and contacts")
    _add(signups, "purge", _purge, "delete those past their time")
    _add(signups, "accesses", _list_accesses, "show who looked at whose contact data")
    for name, command, what in (
        ("show", _show, "show one with its name and contact; this is noted"),
        ("export", _export, "show all that is stored of this person, as JSON; this is noted"),
        ("erase", _erase, "delete all of this person's, at their request"),
        ("allow", _allow, "send to this contact again, at its owner's request"),
    ):
        _add(signups, name, command, what).add_argument("reference")
    signups.choices["erase"].add_argument("--yes", action="store_true", help="do not ask")


def _group(
    groups: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    return groups.add_parser(name, help=what).add_subparsers(metavar="COMMAND", required=True)


def _add(
    group: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    command: _Command | None,
    what: str,
) -> argparse.ArgumentParser:
    parser = group.add_parser(name, help=what, description=what.capitalize() + ".")
    parser.add_argument("--json", action="store_true", help="for other programs")
    parser.set_defaults(command=command)
    return parser


def _list_sign_ups(staff: Staff, chosen: argparse.Namespace) -> int:
    rows = staff.sign_ups()
    print(as_json(rows) if chosen.json else as_table(rows, "Nobody has signed up yet."))
    return 0


def _list_accesses(staff: Staff, chosen: argparse.Namespace) -> int:
    rows = staff.accesses()
    print(as_json(rows) if chosen.json else as_table(rows, "Nobody has looked yet."))
    return 0


def _list_messages(staff: Staff, chosen: argparse.Namespace) -> int:
    rows = staff.messages()
    print(as_json(rows) if chosen.json else as_table(rows, "There is nothing to be sent."))
    return 0


def _show(staff: Staff, chosen: argparse.Namespace) -> int:
    row = staff.show(chosen.reference)
    print(as_json(row) if chosen.json else as_lines(row))
    return 0


def _export(staff: Staff, chosen: argparse.Namespace) -> int:
    print(as_json(staff.export(chosen.reference)))
    return 0


def _erase(staff: Staff, chosen: argparse.Namespace) -> int:
    if not chosen.yes:
        print(f"This deletes {chosen.reference} and all of this person's sign-ups for good.")
        if input("Write the reference again to go on: ").strip() != chosen.reference:
            return _fail(AssistantError("Nothing was deleted."))
    done = staff.erase(chosen.reference)
    if chosen.json:
        print(as_json(done))
        return 0
    print(f"Deleted: {', '.join(done['erased'])}.")
    if done["same_contact"]:
        print(f"The same address or number is in: {', '.join(done['same_contact'])}.")
    return 0


def _allow(staff: Staff, chosen: argparse.Namespace) -> int:
    sent = staff.allow(chosen.reference)
    print(as_json({"sent": sent}) if chosen.json else f"{sent} messages are sent after all.")
    return 0


def _purge(staff: Staff, chosen: argparse.Namespace) -> int:
    purged = staff.purge()
    print(as_json({"purged": purged}) if chosen.json else f"Deleted {purged} sign-ups.")
    return 0


def _rotate(staff: Staff, chosen: argparse.Namespace) -> int:
    rotated = staff.rotate()
    print(
        as_json({"rotated": rotated})
        if chosen.json
        else f"{rotated} sign-ups are encrypted with the first of DATA_KEYS. Conversations are "
        "not: keep the old keys until RETENTION_DAYS are over."
    )
    return 0


def _verify(staff: Staff, chosen: argparse.Namespace) -> int:
    verdict = staff.verify(chosen.head)
    head = f"{verdict.records}:{verdict.head}"
    if chosen.json:
        print(as_json({"records": verdict.records, "head": head, "findings": verdict.findings}))
    else:
        for finding in verdict.findings:
            print(finding)
        print(f"{verdict.records} records, {len(verdict.findings)} findings. Head: {head}")
    return 1 if verdict.findings else 0


def _deliver(staff: Staff, chosen: argparse.Namespace) -> int:
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    delivery = Delivery(load_settings())
    worker = Worker(staff.store, delivery)
    if chosen.once:
        for sentence in delivery.missing:
            print(sentence, file=sys.stderr)
        tried = 0
        while now := worker.run_once():
            tried += now
        print(as_json({"tried": tried}) if chosen.json else f"Tried to send {tried} messages.")
        return 0
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    worker.start()
    stopping.wait()
    worker.stop()
    return 0


def _fail(error: AssistantError) -> int:
    print(error, file=sys.stderr)
    return 1
