"""Companies that a member sells to or might: private to the member, tagged client or prospect."""
