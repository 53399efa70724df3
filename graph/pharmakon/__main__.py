"""Run the command line with ``python -m pharmakon``."""

import sys

from .cli import main

sys.exit(main())
