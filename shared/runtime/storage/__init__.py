"""Storage of every service in its own database: engine, migrations, published facts, replies."""
