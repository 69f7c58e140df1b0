"""Keeps out of the server what Rasa imports and this assistant cannot reach.

Rasa imports TensorFlow and the SDKs of every channel, broker and database it
knows, whatever the configuration asks for. With `install()` before the first
`import rasa`, stand-ins take their place: they can be imported, subclassed and
named in an `except`; to call anything of them raises `UnavailableError`.
Only `extensions.server` does this; the plain `rasa` command imports everything.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import accumulate
from types import ModuleType
from typing import Any, NoReturn, cast

# Packages and modules, with all that is below them, and what would need them.
STOOD_IN = frozenset(
    {
        # trainable components that config.yml does not have
        "tensorflow",
        "tensorflow_hub",
        "tensorflow_text",
        "keras",
        "sklearn_crfsuite",
        "rasa.utils.tensorflow.callback",
        "rasa.utils.tensorflow.data_generator",
        "rasa.utils.tensorflow.model_data",
        # channels of Rasa's own; ours bring in what they need when they are on
        "aiogram",
        "fbmessenger",
        "google.auth",
        "google.oauth2",
        "mattermostwrapper",
        "rocketchat_API",
        "slack_sdk",
        "socketio",
        "twilio",
        "webexteamssdk",
        # trackers, brokers, locks and model stores that endpoints.yml does not have
        "aio_pika",
        "aiormq",
        "boto3",
        "botocore",
        "bson",
        "confluent_kafka",
        "pymongo",
        "redis",
        # the HTTP API, which stays off
        "sanic_jwt",
        # error reporting to outside, which stays off
        "sentry_sdk",
        # figures of `rasa test`
        "matplotlib",
        "pandas",
    }
)
# What was left out and is needed after all.
_brought: set[str] = set()
_COMPONENTS = "rasa.engine.recipes.default_components"


class UnavailableError(ImportError):
    """Something was called that the lean server does without."""


class _StandInType(type):
    def __getattr__(cls, name: str) -> type[_StandInError]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__qualname__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> NoReturn:
        raise UnavailableError(
            f"{cls.__module__}.{cls.__qualname__} is not part of the lean server; "
            "use the plain `rasa` command."
        )

    def __getitem__(cls, _: Any) -> type:
        return cls


# An exception, so that it may stand in an `except`.
class _StandInError(Exception, metaclass=_StandInType):
    """Stands for any class, function or constant of a module that was left out."""


class _StandInModule(ModuleType):
    def __getattr__(self, name: str) -> type[_StandInError]:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(self.__name__, name)


class _StandInFinder(MetaPathFinder, Loader):
    """Finds the modules of `STOOD_IN` and all below its packages, empty."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        names = set(accumulate(fullname.split("."), "{}.{}".format))
        stood_in = names & STOOD_IN and not names & _brought
        return ModuleSpec(fullname, self, is_package=True) if stood_in else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """A stand-in has nothing to run."""


class _LeanComponents(MetaPathFinder, Loader):
    """Replaces Rasa's list of all its components by the ones in config.yml."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        return ModuleSpec(fullname, self) if fullname == _COMPONENTS else None

    def exec_module(self, module: ModuleType) -> None:
        from rasa.core.policies.rule_policy import RulePolicy
        from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
        from rasa.nlu.tokenizers.spacy_tokenizer import SpacyTokenizer

        module.DEFAULT_COMPONENTS = [  # type: ignore[attr-defined]
            FallbackClassifier,
            RulePolicy,
            SpacyTokenizer,
        ]


def install() -> None:
    """Puts the stand-ins in place, for the rest of the process.

    Raises:
        RuntimeError: Rasa has been imported already, so it would change nothing.
    """
    if "rasa" in sys.modules:
        raise RuntimeError("lean_imports.install() must come before the first import of rasa.")
    sys.meta_path[:0] = [_StandInFinder(), _LeanComponents()]


def bring(package: str) -> None:
    """Lets a package be imported after all, for a channel of ours that is on.

    What has its stand-ins already, such as a channel of Rasa's own, keeps them.
    """
    _brought.add(package)
    for name, module in sys.modules.copy().items():
        within = name == package or name.startswith(f"{package}.")
        if within and isinstance(module, _StandInModule):
            del sys.modules[name]


def _stand_in(owner: str, name: str) -> type[_StandInError]:
    return cast("type[_StandInError]", _StandInType(name, (_StandInError,), {"__module__": owner}))
