"""Surveys after work is done: who is asked, what they answer, what the answers add up to, and how low scores are made good."""
