"""Who is who: whether two records mean one person or one company, how sure that is, and why."""
