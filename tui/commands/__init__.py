"""The commands of `kcalc`, one module each; every stack they need is imported when they run, not before."""
