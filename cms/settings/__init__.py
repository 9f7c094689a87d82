"""Settings of this installation: the defaults, then what the environment says."""

from cms.settings.base import *  # noqa: F403 - Django reads settings as module attributes
