"""The database itself keeps the ledger: nothing is changed, nothing deleted, all sums are zero.

An entry comes in after its postings and only when they sum to zero; a posting never comes in
after its entry. Postings without any entry fail at the commit, by their deferred foreign key.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = (
    """
    CREATE TRIGGER fees_entry_balances BEFORE INSERT ON fees_entry
    WHEN (SELECT COUNT(*) FROM fees_posting WHERE entry_id = NEW.id) < 2
      OR (SELECT SUM(amount) FROM fees_posting WHERE entry_id = NEW.id) <> 0
    BEGIN SELECT RAISE(ABORT, 'the postings of the entry do not balance'); END
    """,
    """
    CREATE TRIGGER fees_posting_before_entry BEFORE INSERT ON fees_posting
    WHEN EXISTS (SELECT 1 FROM fees_entry WHERE id = NEW.entry_id)
    BEGIN SELECT RAISE(ABORT, 'the entry is in the ledger already'); END
    """,
    *(
        f"""
        CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END
        """
        for table in ("fees_entry", "fees_posting")
        for verb in ("UPDATE", "DELETE")
    ),
)
SQLITE_NAMES = (
    "fees_entry_balances",
    "fees_posting_before_entry",
    "fees_entry_no_update",
    "fees_entry_no_delete",
    "fees_posting_no_update",
    "fees_posting_no_delete",
)

POSTGRESQL = """
CREATE FUNCTION fees_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE total numeric; lines bigint;
BEGIN
  SELECT COALESCE(SUM(amount), 0), COUNT(*) INTO total, lines
    FROM fees_posting WHERE entry_id = NEW.id;
  IF lines < 2 OR total <> 0 THEN
    RAISE EXCEPTION 'the postings of the entry do not balance'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION fees_posting_before_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM fees_entry WHERE id = NEW.entry_id) THEN
    RAISE EXCEPTION 'the entry is in the ledger already'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION fees_only_added_to() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is only added to' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER fees_entry_balances BEFORE INSERT ON fees_entry
  FOR EACH ROW EXECUTE FUNCTION fees_entry_balances();
CREATE TRIGGER fees_posting_before_entry BEFORE INSERT ON fees_posting
  FOR EACH ROW EXECUTE FUNCTION fees_posting_before_entry();
CREATE TRIGGER fees_entry_only_added_to BEFORE UPDATE OR DELETE ON fees_entry
  FOR EACH ROW EXECUTE FUNCTION fees_only_added_to();
CREATE TRIGGER fees_posting_only_added_to BEFORE UPDATE OR DELETE ON fees_posting
  FOR EACH ROW EXECUTE FUNCTION fees_only_added_to();
"""
POSTGRESQL_BACK = """
DROP TRIGGER fees_entry_balances ON fees_entry;
DROP TRIGGER fees_posting_before_entry ON fees_posting;
DROP TRIGGER fees_entry_only_added_to ON fees_entry;
DROP TRIGGER fees_posting_only_added_to ON fees_posting;
DROP FUNCTION fees_entry_balances();
DROP FUNCTION fees_posting_before_entry();
DROP FUNCTION fees_only_added_to();
"""


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    for statement in SQLITE:
        schema_editor.execute(statement, params=None)


def release(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_BACK, params=None)
        return
    for name in SQLITE_NAMES:
        schema_editor.execute(f"DROP TRIGGER {name}", params=None)


class Migration(migrations.Migration):
    dependencies = [("fees", "0001_initial")]
    operations = [migrations.RunPython(guard, release)]
