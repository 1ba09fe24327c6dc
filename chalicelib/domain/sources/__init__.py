"""Where a contact's or company's values come from: links to the records of connections, and the source of each value."""
