from django.db import migrations

from tangthu.core.stamps import StampTable


class Migration(migrations.Migration):
    dependencies = [("patrons", "0001_initial"), ("core", "0002_stamp")]

    operations = [
        StampTable("patrons_patroncategory"),
    ]
