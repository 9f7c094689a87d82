"""The only writers of a dossier: each action checks, changes and logs in one transaction."""
