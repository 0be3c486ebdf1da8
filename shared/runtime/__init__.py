"""Base of every service: settings, health, log; beneath them messages, workflows, storage, texts."""
