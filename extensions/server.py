"""Starts Rasa lean: `python -m extensions.server <any arguments of rasa>`.

The same as the `rasa` command for this project's configuration, with a fraction
of its start-up time and memory. Everything here must come before Rasa is imported.
"""

from __future__ import annotations

import os
import sys
import warnings

from extensions import lean_imports

# Read when the libraries are imported, so they must be set first. What the
# caller has set stays.
_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    # Vectors of 384 numbers: a second thread costs more than it computes.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SANIC_REQUEST_MAX_SIZE": "131072",
    "SANIC_RESPONSE_TIMEOUT": "20",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def main() -> None:
    """Runs the command line of Rasa in a lean process."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    # Of Rasa's dependencies, at import; Rasa sets the filters anew when it starts.
    warnings.simplefilter("ignore", DeprecationWarning)
    warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
    lean_imports.install()
    # Rasa's own `rasa.__main__` finds custom modules by the working directory.
    from rasa.__main__ import main as run_rasa

    sys.argv[0] = "rasa"
    run_rasa()


if __name__ == "__main__":
    main()
