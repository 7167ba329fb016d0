"""How an answer is read: one kind of answer a file."""
