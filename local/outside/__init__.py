"""The world outside: phones in people's hands, providers' servers, shops' order systems. One file plays
the other side of one adapter, so that nothing in the system knows it is not real."""
