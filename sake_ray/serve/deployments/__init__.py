"""The deployments of the Serve application, a module for each; each scales a plain class that lives elsewhere."""
