"""The end of a workspace, or of one membership: everything that it brought goes, with a certificate."""
