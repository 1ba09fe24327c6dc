"""What vendors publish of their interfaces for machines, and whether what went over the wire is as they say."""
