"""The front: settings, addresses, screens, printing."""
