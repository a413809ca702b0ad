"""Everything that a library has, in one file; and that file put back.

A backup is a ZIP file without compression of what is compressed already, so that any program for
archives can look into it:

backup.json             what is inside: name, size and SHA-256 of each part; when, by which release
database.sqlite3        or `database.dump`, as `pg_dump` writes it
secret-key, vapid.pem   what opens citizen numbers, and what browsers know our messages by
files/                  masters, reading copies and what is on its way into the archive

What is made anew when it is missing (index, styles, memory of the schedule) and what is under way
on one machine (uploads, locks, exports) stays out.
"""

from tangthu.site.backup.errors import BackupRefused
from tangthu.site.backup.restoring import Restored, restore
from tangthu.site.backup.saving import Saved, save

__all__ = ["BackupRefused", "Restored", "Saved", "restore", "save"]
