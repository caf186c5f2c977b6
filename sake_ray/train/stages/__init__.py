"""The stages of a training: each takes files of the workspace and makes others."""
