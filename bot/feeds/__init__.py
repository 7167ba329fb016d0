"""Sources of procurement calls that are read over HTTP: politely, a page at a time, from where the last look ended."""
