"""What the notifier does: takes in what it is told, and sends what is due."""
