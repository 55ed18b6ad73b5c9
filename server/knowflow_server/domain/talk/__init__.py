"""Talking with subscribers of chatbots: sub flows that run, channels, single messages and broadcasts."""
