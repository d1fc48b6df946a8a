"""The tree of scopes keeps its own paths: own id last, a slash at both ends. Moving a node moves what is below it."""

from django.db import migrations

# The lock lets only one part of the tree move at a time: two moves at once could close a ring.
FUNCTIONS = """
CREATE FUNCTION identity_scope_path() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    above text := '/';
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('identity_scope_move', 0));
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        SELECT path INTO above FROM identity_scope WHERE id = NEW.parent_id FOR SHARE;
        IF above IS NULL THEN
            RAISE foreign_key_violation USING MESSAGE = 'scope ' || NEW.parent_id || ' is missing';
        END IF;
        IF position('/' || NEW.id || '/' IN above) > 0 THEN
            RAISE check_violation USING MESSAGE = 'a scope cannot move below itself',
                CONSTRAINT = 'identity_scope_no_ring', TABLE = 'identity_scope';
        END IF;
    END IF;
    NEW.path := above || NEW.id || '/';
    RETURN NEW;
END $$;

CREATE FUNCTION identity_scope_descend() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE identity_scope SET path = path WHERE parent_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER identity_scope_path BEFORE INSERT OR UPDATE OF parent_id, path, id ON identity_scope
    FOR EACH ROW EXECUTE FUNCTION identity_scope_path();
CREATE TRIGGER identity_scope_descend AFTER UPDATE OF parent_id, path ON identity_scope
    FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION identity_scope_descend();
"""

NO_FUNCTIONS = """
DROP TRIGGER identity_scope_descend ON identity_scope;
DROP TRIGGER identity_scope_path ON identity_scope;
DROP FUNCTION identity_scope_descend();
DROP FUNCTION identity_scope_path();
"""


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_accounts_and_grants")]
    operations = [migrations.RunSQL(sql=FUNCTIONS, reverse_sql=NO_FUNCTIONS)]
