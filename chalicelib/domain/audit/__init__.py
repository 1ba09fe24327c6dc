"""The journal: who did what to which id, never contents. The audit log and the changes that clients follow read it."""
