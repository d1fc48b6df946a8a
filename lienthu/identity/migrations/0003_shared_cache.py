"""The cache that all processes share (settings.CACHES["default"]): unlogged, since it may be lost."""

from django.db import migrations

TABLE = """
CREATE UNLOGGED TABLE IF NOT EXISTS identity_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS identity_cache_expires ON identity_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_scope_paths")]
    operations = [migrations.RunSQL(sql=TABLE, reverse_sql="DROP TABLE identity_cache")]
