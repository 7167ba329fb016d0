"""From the outbox to the channels: what is taken in hand, who goes next, how fast, and what became of it."""
