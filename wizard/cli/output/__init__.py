"""What goes out: reports, events, tables, files."""
