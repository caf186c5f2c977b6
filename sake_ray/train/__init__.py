"""Train a classifier on labelled documents."""
