from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from tangthu.protocols.iiif.shortcut import TileShortcut

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tangthu.site.settings")
application = TileShortcut(get_wsgi_application())
