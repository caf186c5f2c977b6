"""Learn a classifier from labelled documents."""
