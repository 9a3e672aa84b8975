"""Does the project tell the truth? Many small worlds with a known truth, and what every printed estimate says of them."""
