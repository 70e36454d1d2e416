"""Facts about the world outside: base images, package managers. Plain data, imported when first asked for."""
