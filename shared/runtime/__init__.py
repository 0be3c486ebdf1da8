"""What every service stands on: settings, broker, delivery, publishing, Temporal, database, texts, health."""
