"""The screens of those who look after images, trainings, models and accounts."""
