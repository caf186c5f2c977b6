"""The screens that users and admins see in a browser. They talk HTTP to the service and compute nothing."""
