"""Commands of the house itself: set up, translate, back up, restore."""
