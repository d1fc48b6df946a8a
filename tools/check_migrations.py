"""Fails when a model has changed without a migration. Needs no database."""

import os
import subprocess
import sys
import tempfile

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        variables = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "lienthu.config.settings",
            "LIENTHU_HOME": home,
            # the history in a database is not looked at; Django warns that it cannot, and goes on
            "DATABASE_URL": f"postgresql://nobody@/none?host={home}",
        }
        command = [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"]
        sys.exit(subprocess.run(command, env=variables, check=False).returncode)
