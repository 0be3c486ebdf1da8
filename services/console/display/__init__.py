"""Text and tables that show complaints, policies and migrations, for the command line and the board."""
