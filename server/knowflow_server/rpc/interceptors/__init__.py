"""What happens around every call, one file a matter; `chain.py` holds the order."""
