"""Turn values of the domain into response models."""
