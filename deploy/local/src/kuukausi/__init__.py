"""kuukausi."""
