"""What is broken on purpose, a module each: `lapak faults NAME` calls its `run`."""
