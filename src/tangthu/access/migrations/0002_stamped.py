from django.db import migrations

from tangthu.core.stamps import StampTable


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial"), ("core", "0002_stamp")]

    operations = [
        StampTable("access_user", columns=("username", "name", "library_id", "is_active")),
        StampTable("access_role"),
        StampTable("access_rolegrant"),
        StampTable("access_apitoken", columns=("user_id", "digest", "expires_at", "revoked_at")),
    ]
