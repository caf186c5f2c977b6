"""The admin's screens: images, trainings, models and accounts."""
