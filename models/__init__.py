"""What is kept: tables, the queries on them and the rules that hold for them. Nothing here commits."""
