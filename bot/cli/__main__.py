"""Makes ``python -m bot.cli`` the same as ``bot``."""

import sys

from bot.cli import main

sys.exit(main())
