"""Reading a mail to the privacy address: whether it is a person's, what right it exercises, in what language."""
