"""Settings of the test run: the installation's own, in a private data folder, with two things made quick."""

import atexit
import os
import shutil
import tempfile

# A folder of the tests' own, whatever DATA says: a test must never meet a real installation. Children of the
# run (worker, server, killed processes) find the same folder through the environment.
if "JUANZONG_TEST_DATA" not in os.environ:
    os.environ["JUANZONG_TEST_DATA"] = tempfile.mkdtemp(prefix="juanzong-data-")
    atexit.register(shutil.rmtree, os.environ["JUANZONG_TEST_DATA"], ignore_errors=True)
os.environ["DATA"] = os.path.join(os.environ["JUANZONG_TEST_DATA"], os.environ.get("PYTEST_XDIST_WORKER", ""))
os.environ.pop("KEYS", None)
os.environ.pop("S3_BUCKET", None)

from cms.settings import *  # the variables above must stand first

if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file rather than memory: threads, the live server and child processes see the same rows.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # nothing is collected; whitenoise warns of a missing folder
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
