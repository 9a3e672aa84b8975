"""The room that shows.

Only its helpers make HTML, and they escape what came from data."""
