"""`make bench`: what a text, an order event and the desk cost: requests, units, CPU and cold start."""
