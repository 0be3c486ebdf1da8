"""What every service stands on: settings, health, log; beneath them messages, workflows, storage, texts."""
