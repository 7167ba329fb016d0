"""The larger commands of `lapak`, a module each; imported only when they are asked for."""
