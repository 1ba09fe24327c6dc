"""What happened at a company: events that members tell, and those that follow from what sources say of its people."""
