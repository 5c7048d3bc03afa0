"""How long the pages take, as ratios to a bare page through the same server: ``python -m bench``."""
