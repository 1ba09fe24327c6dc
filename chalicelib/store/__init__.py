"""DynamoDB as the domain sees it: records with one sealed payload, conditional writes, pages, batches, pointers, leases."""
