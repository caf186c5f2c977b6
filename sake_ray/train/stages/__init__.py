"""The stages of a training: each makes files of the workspace from others."""
