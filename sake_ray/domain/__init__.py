"""The words of the program as plain values, a module for each noun."""
