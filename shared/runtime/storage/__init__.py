"""What every service keeps in its own database: engine, migrations, facts said, replies given."""
