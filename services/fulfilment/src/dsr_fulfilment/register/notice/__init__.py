"""What a register says to the public (Art. 13, 14) and to the supervisory authority (Art. 30(1))."""
