"""The screens: what people do in a browser. They speak HTTP to the service, and compute nothing."""
