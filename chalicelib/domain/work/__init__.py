"""The job: long work of a member, with its progress and outcome, as GET /v1/jobs shows it."""
