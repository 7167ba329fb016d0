"""What an officer sees and decides."""
