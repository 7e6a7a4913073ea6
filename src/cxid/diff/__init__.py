"""Two runs compared: what went in, who is who, which values and figures changed, and why the figures did."""
