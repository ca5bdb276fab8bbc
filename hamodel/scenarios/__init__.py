"""Scenarios: a configuration with a fault script, and the recordings of such a script on the real daemon.

Everything here is about the files of the test bed: reading them, and saying what each of their words means as actions
of the model. What the model makes of it is `checking/predict.py`. Standard library only.
"""
