"""Generated documents: drawn, then spoilt the way scanners and phones do, with their true text known."""
