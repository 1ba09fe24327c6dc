"""How well the product reads what people send, on labelled sets: `make evaluate`. It measures and judges nothing."""
