"""What Kesher decides. Standard library only: time, ids and the shop are arguments."""
