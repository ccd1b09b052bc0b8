"""What is kept: the database, its tables, its migrations and one repository per file."""

from bot.storage.database import Database, DatabaseUnavailable
from bot.storage.migrate import current, is_current, migrate

__all__ = ["Database", "DatabaseUnavailable", "current", "is_current", "migrate"]
