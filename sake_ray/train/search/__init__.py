"""The search for better hyperparameters: Optuna suggests, Ray Tune runs the trials."""
