"""One request and its response over httpx. This part knows nothing of models or listings."""
